// Asks every few seconds for what came in since, while somebody can see the page. Nothing moves under the reader:
// what came is announced, and shown when asked for. When asking fails, the page says since when it is behind.
let told = "";

function news() {
  return document.getElementById("news");
}

function look() {
  const place = news();
  if (place && document.visibilityState === "visible") htmx.trigger(place, "look");
}

function fallBehind(isBehind) {
  const notice = document.querySelector("[data-stale]");
  if (notice) notice.hidden = !isBehind;
}

if (news()) {
  setInterval(look, Number(news().dataset.every) * 1000);
  document.addEventListener("visibilitychange", look);

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target, requestConfig } = event.detail;
    if (new URL(xhr.responseURL).pathname !== new URL(requestConfig.path, location.href).pathname) {
      event.detail.shouldSwap = false;
      location.reload(); // led elsewhere: the session has ended
      return;
    }
    if (target !== news()) return;
    if (xhr.status !== 200) return;
    fallBehind(false);
    const since = document.querySelector("[data-since]");
    if (since) since.textContent = xhr.getResponseHeader("X-As-Of") ?? since.textContent;
    if (xhr.responseText === told) event.detail.shouldSwap = false; // said already: nobody is told twice
    told = xhr.responseText;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "queue") return;
    told = "";
    const wasWithin = document.activeElement === document.body;
    if (wasWithin) document.querySelector("#queue [data-line] a")?.focus();
  });

  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, () => fallBehind(true));
  }
}
