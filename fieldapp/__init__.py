"""The field app: what an assessor carries. Python and Flet, in the browser offline or natively."""
