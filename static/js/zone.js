/* The browser's time zone, told to the server: who chose none in the settings reads its pages in this one. A classic script on purpose. */
document.cookie = `time_zone=${encodeURIComponent(new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "")}; path=/; max-age=31536000; samesite=lax`;
