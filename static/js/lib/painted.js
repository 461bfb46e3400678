/** What is there now is painted before more is done. A hidden tab paints nothing and waits for nothing. @returns {Promise<void>} */
export function painted() {
  return new Promise((resolve) => {
    if (document.hidden) setTimeout(resolve);
    else requestAnimationFrame(() => setTimeout(resolve));
  });
}
