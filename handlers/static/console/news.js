// Asks every few seconds for what came in since, while somebody can see the page. Nothing moves under the reader:
// what came is announced, and shown when asked for. When asking fails, the page says since when it is behind.
let told = "";
let meant = ""; // what the words at the desk were for before it was offered anew

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
  for (const was of document.querySelectorAll("input[name^=was_]")) follow(was, was.name.slice("was_".length));
  choose(meant);
}

// How the case is filed: a list that nobody touched shows what stands there now, and what was shown is that.
function follow(was, name) {
  const list = was.form.elements[name];
  const now = document.getElementById("facts").dataset[name];
  if (![...list.options].some((option) => option.value === now)) return; // as it was: so it is left as it stands
  if (list.value === was.value) list.value = now;
  was.value = now;
}

// The desk offers what may become of the words now; what they were meant for stays, or else they are for staff alone.
function choose(what) {
  const place = document.getElementById("whats");
  const offered = [...(place?.querySelectorAll("[type=radio]") ?? [])];
  const wanted = offered.find((one) => one.value === what) ?? offered.find((one) => one.value === "note");
  if (wanted) wanted.checked = true;
  place?.dispatchEvent(new Event("change", { bubbles: true })); // the preview follows
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
    if (target.id === "timeline") meant = document.querySelector("#whats :checked")?.value ?? "";
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
