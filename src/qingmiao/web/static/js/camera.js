// Scanning a vial with the camera where the browser can read codes; elsewhere the button stays away and one types.
// <button data-camera="name of the field" hidden> in the form, <dialog id="camera"> with a <video> on the page.

const FORMATS = ["data_matrix", "qr_code", "code_128", "ean_13", "itf"];
const EVERY = 200; // milliseconds between two looks

const buttons = document.querySelectorAll("[data-camera]");
const dialog = document.getElementById("camera");
if (buttons.length && dialog && "BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) start();

async function start() {
  const known = await BarcodeDetector.getSupportedFormats();
  const formats = FORMATS.filter((format) => known.includes(format));
  if (!formats.length) return;
  const detector = new BarcodeDetector({ formats });
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => open(detector, button));
  }
}

async function open(detector, button) {
  const video = dialog.querySelector("video");
  dialog.querySelector("[data-camera-refused]").hidden = true;
  dialog.showModal();
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    dialog.querySelector("[data-camera-refused]").hidden = false;
    return;
  }
  dialog.addEventListener("close", () => stream.getTracks().forEach((track) => track.stop()), { once: true });
  video.srcObject = stream;
  await video.play();
  const look = async () => {
    if (!dialog.open) return;
    const [code] = await detector.detect(video).catch(() => []);
    if (!code) return void setTimeout(look, EVERY);
    dialog.close();
    const field = button.form.elements[button.dataset.camera];
    field.value = code.rawValue;
    button.form.requestSubmit();
  };
  look();
}
