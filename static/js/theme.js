/* Before the first paint: the colours this browser's user chose, if not the system's. A classic script on purpose. */
try {
  const theme = localStorage.getItem("chatweb.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (error) {
  if (!(error instanceof DOMException)) throw error; // storage is forbidden: the system's colours
}
