// Says on the page what allauth's scripts would only write into the console.

const trouble = document.getElementById("passkey-trouble");

document.addEventListener("allauth.error", (event) => {
  if (!trouble) return;
  const { exception } = /** @type {CustomEvent<{ exception: unknown }>} */ (event).detail;
  const isCanceled = exception instanceof DOMException && exception.name === "NotAllowedError";
  trouble.textContent = (isCanceled ? trouble.dataset.canceled : trouble.dataset.failed) ?? "";
  trouble.hidden = false;
  event.preventDefault();
});
