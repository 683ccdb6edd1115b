"use strict";
// What the screens do more than forms do: they show what has changed without being asked, dates as this person writes
// them, and the prompt of a request while it is being written. Everything works without this.
(() => {
  const said = document.getElementById("said");

  const dates = (root) => {
    const how = { dateStyle: "medium", timeStyle: "short" };
    for (const time of root.querySelectorAll("time[datetime]")) {
      const when = new Date(time.dateTime);
      if (!Number.isNaN(when.valueOf())) {
        time.title = time.textContent;
        time.textContent = new Intl.DateTimeFormat(undefined, how).format(when);
      }
    }
  };

  // Parts marked live are replaced by what they are now, where that differs; never one that somebody is typing in.
  const swap = (fresh) => {
    for (const part of document.querySelectorAll("[data-live]")) {
      const now = fresh.getElementById(part.id);
      const text = now ? now.innerHTML : "";
      if (part.dataset.seen === text) continue;
      const focused = part.contains(document.activeElement) ? document.activeElement : null;
      if (focused && /^(INPUT|TEXTAREA|SELECT)$/.test(focused.tagName)) continue;
      const open = [...part.querySelectorAll("details")].map((one) => one.open);
      const key = focused && focused.id;
      part.dataset.seen = text;
      part.replaceChildren(...(now ? [...now.childNodes] : []));
      part.querySelectorAll("details").forEach((one, at) => { one.open = open[at] || one.open; });
      dates(part);
      if (key && document.getElementById(key)) document.getElementById(key).focus();
    }
  };

  const remember = () => {
    for (const part of document.querySelectorAll("[data-live]")) part.dataset.seen = part.innerHTML;
  };

  // A form that was sent is on its way to the next page: to load this one anew would lose what that one says was done.
  let leaving = false;
  addEventListener("submit", () => { leaving = true; });
  addEventListener("pageshow", () => { leaving = false; });

  const page = async (address) => {
    const answer = await fetch(address, { headers: { accept: "text/html" }, redirect: "follow" });
    if (leaving) return null;
    if (answer.redirected) { location.reload(); return null; }
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };

  let waiting = null;
  const look = () => {
    if (waiting || leaving) return;
    waiting = setTimeout(async () => {
      waiting = null;
      try {
        const address = new URL(location.href);
        address.searchParams.delete("done");
        const fresh = await page(address);
        if (!fresh) return;
        swap(fresh);
        const news = fresh.getElementById("said");
        if (said && news && said.dataset.waiting !== news.dataset.waiting) {
          said.dataset.waiting = news.dataset.waiting;
          said.textContent = news.dataset.news;
        }
      } catch { /* the node is away; the stream says when it is back */ }
    }, 60);
  };

  const listen = () => {
    const stream = new EventSource("/happenings");
    const lost = document.getElementById("lost");
    // what happened between this page and its stream was told to nobody
    stream.onopen = () => { if (lost) lost.hidden = true; look(); };
    stream.onerror = () => {
      if (lost) lost.hidden = false;
      // a stream that was refused does not come back by itself
      if (stream.readyState === EventSource.CLOSED) setTimeout(() => { look(); listen(); }, 2000);
    };
    // not "catalog": the pages that show one ask for it, and would for ever
    const kinds = ["request", "receipt", "grant", "paired", "person", "path", "relay", "dataset", "paused", "decision",
      "revoked", "mock", "offer", "fork", "restored", "invite-refused", "undelivered", "token", "withheld", "lagged"];
    for (const kind of kinds) stream.addEventListener(kind, look);
  };

  // The prompt as its owner will read it, while it is being written.
  for (const form of document.querySelectorAll("form[data-preview]")) {
    let timer = null;
    // a field of the form is called dataset, and would be found in the place of the form's own
    const shown = form.getAttribute("data-preview");
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const address = new URL(form.action);
        address.search = new URLSearchParams(new FormData(form)).toString();
        const fresh = await page(address);
        const part = document.getElementById(shown);
        const now = fresh && fresh.getElementById(shown);
        if (part && now) part.replaceChildren(...now.childNodes);
      }, 250);
    });
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(text.value || text.textContent);
      if (said) said.textContent = button.dataset.copied;
    });
  }

  for (const form of document.querySelectorAll("form[data-submit]")) form.submit();
  remember();
  dates(document);
  if (document.body.dataset.listen !== undefined) listen();
})();
