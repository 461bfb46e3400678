/*
 * The browser's time zone, told to the server: who chose none in the settings reads its pages in this one. A classic
 * script on purpose. Asking for the zone costs a fresh tab up to 0.1 s, so it waits until the page is there.
 */
{
  const tell = () => {
    document.cookie = `time_zone=${encodeURIComponent(new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "")}; path=/; max-age=31536000; samesite=lax`;
  };
  const later = () => ("requestIdleCallback" in globalThis ? requestIdleCallback(tell, { timeout: 2_000 }) : setTimeout(tell));
  if (document.readyState === "complete") later();
  else addEventListener("load", later, { once: true });
}
