/**
 * Live pages, for browsers that run scripts: when the log grows, the page is asked for again and its live part put in
 * the old one's place, unless somebody is typing there. Everything works without it.
 */
export const liveScript = `"use strict";
(() => {
  const main = document.querySelector("main[data-live]");
  if (!main || !("EventSource" in window)) return;
  let busy = false;
  const renew = async () => {
    if (busy || document.hidden) return;
    const active = document.activeElement;
    if (active && main.contains(active) && active !== document.body && active.matches("input,select,textarea,button")) return;
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "error" });
      if (!answer.ok) return;
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main[data-live]");
      if (next && next.innerHTML !== main.innerHTML) {
        const link = active && main.contains(active) ? active.getAttribute("href") : null;
        main.replaceChildren(...next.childNodes);
        if (link) main.querySelector('a[href="' + CSS.escape(link) + '"]')?.focus();
      }
    } catch {
      // The next change asks again.
    } finally {
      busy = false;
    }
  };
  const about = main.dataset.live;
  if (about === "soon") {
    setInterval(renew, 5000);
    return;
  }
  const address = about === "everything" ? "/live" : "/live?repository=" + encodeURIComponent(about);
  new EventSource(address).addEventListener("change", renew);
})();
`;
