// The microphone, on the page (a worker has none): one recording at a time, a piece of it every second.
"use strict";
const PIECE_MS = 1000, BITS_PER_SECOND = 32000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", "audio/webm"];
let recording = null;

// `tell` receives {began: type}, then {piece} for each in order and {ended: true}; or {began: ""} when there is none.
globalThis.startMicrophone = async (tell) => {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    recording = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    let told = Promise.resolve();
    recording.ondataavailable = ({ data }) => {
      told = told.then(async () => data.size && tell({ piece: new Uint8Array(await data.arrayBuffer()) }));
    };
    recording.onstop = () => {
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
globalThis.stopMicrophone = () => recording?.state !== "inactive" && recording?.stop();
