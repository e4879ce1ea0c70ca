// The microphone, on the page (a worker has none): one recording at a time, a piece of it every second.
"use strict";
const PIECE_MS = 1000, BITS_PER_SECOND = 32000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", "audio/webm"];
const LEVEL_MS = 200;
let recording = null;

// `tell` receives {began: type}, then {piece} for each in order and {ended: true}; {peak} of
// what is heard now, 0 to 1, in between; or {began: ""} when there is none.
globalThis.startMicrophone = async (tell) => {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    recording = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    const unheard = listen(stream, tell);
    let told = Promise.resolve();
    recording.ondataavailable = ({ data }) => {
      told = told.then(async () => data.size && tell({ piece: new Uint8Array(await data.arrayBuffer()) }));
    };
    recording.onstop = () => {
      unheard();
      stream.getTracks().forEach((track) => track.stop());
      told.then(() => tell({ ended: true }));
    };
    recording.start(PIECE_MS);
    tell({ began: recording.mimeType || mimeType });
  } catch (error) {
    console.warn("microphone:", error);
    tell({ began: "" });
  }
};
// Tell how loud it is, a few times a second, until the returned function is called.
// Without it the sound is kept all the same.
function listen(stream, tell) {
  if (!self.AudioContext) return () => {};
  const context = new AudioContext(), analyser = context.createAnalyser(), heard = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(heard);
    tell({ peak: recording?.state === "recording" ? Math.max(...heard.map(Math.abs)) : 0 });
  }, LEVEL_MS);
  return () => {
    clearInterval(timer);
    context.close();
  };
}
globalThis.pauseMicrophone = () => recording?.state === "recording" && recording.pause();
globalThis.resumeMicrophone = () => recording?.state === "paused" && recording.resume();
globalThis.stopMicrophone = () => recording?.state !== "inactive" && recording?.stop();
