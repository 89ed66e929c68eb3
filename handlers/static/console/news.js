// Asks every few seconds for what came in since, while somebody can see the page. Nothing moves under the reader:
// what came is announced, and shown when asked for. When asking fails, the page says since when it is behind.
let told = "";

// What asks: on the queue #news, on a ticket #since. Either is replaced when what it tells of is shown.
function place() {
  return document.querySelector("[data-every]");
}

function look() {
  if (place() && document.visibilityState === "visible") htmx.trigger(place(), "look");
}

function fallBehind(isBehind) {
  const notice = document.querySelector("[data-stale]");
  if (notice) notice.hidden = !isBehind;
}

// Who was shown what happened since acts on that: every form of the page names the version that stands there now.
function catchUp() {
  const version = document.getElementById("version")?.value;
  for (const field of document.querySelectorAll("input[name=version]")) if (version) field.value = version;
}

if (place()) {
  setInterval(look, Number(place().dataset.every) * 1000);
  document.addEventListener("visibilitychange", look);

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target, requestConfig } = event.detail;
    if (new URL(xhr.responseURL).pathname !== new URL(requestConfig.path, location.href).pathname) {
      event.detail.shouldSwap = false;
      location.reload(); // led elsewhere: the session has ended
      return;
    }
    if (target !== place()) return;
    if (xhr.status !== 200) return;
    fallBehind(false);
    const since = document.querySelector("[data-since]");
    if (since) since.textContent = xhr.getResponseHeader("X-As-Of") ?? since.textContent;
    if (xhr.responseText === told) event.detail.shouldSwap = false; // said already: nobody is told twice
    told = xhr.responseText;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "timeline") return;
    told = "";
    catchUp();
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
