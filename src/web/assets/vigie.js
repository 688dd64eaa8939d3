// The demo's page follows the simulated time. Without this script the page works all the same: reload it.
(function () {
  "use strict";
  var alive = document.getElementById("vivant");
  var day = document.getElementById("jour");
  var pace = document.getElementById("allure");
  var last = "";

  function opened() {
    return Array.prototype.map.call(document.querySelectorAll("details[open]"), function (d) { return d.id; });
  }

  // What the reader opened, scrolled and focused stays so when the content under it changes.
  function replace(html) {
    if (!alive || html === last) { return; }
    last = html;
    var open = opened();
    var focused = document.activeElement && document.activeElement.closest && document.activeElement.closest("details");
    var focusedId = focused && alive.contains(focused) ? focused.id : null;
    alive.innerHTML = html;
    open.forEach(function (id) {
      var details = document.getElementById(id);
      if (details) { details.open = true; }
    });
    if (focusedId && document.getElementById(focusedId)) {
      document.getElementById(focusedId).querySelector("summary").focus({ preventScroll: true });
    }
  }

  function clock(state) {
    if (day) { day.textContent = state.day; }
    if (pace) { pace.textContent = state.pace; }
    document.querySelectorAll(".clock button").forEach(function (button) {
      if (button.value === state.pressed) { button.setAttribute("aria-pressed", "true"); }
      else { button.removeAttribute("aria-pressed"); }
    });
  }

  function refresh() {
    return fetch("/demo/etat").then(function (answer) { return answer.json(); }).then(function (state) {
      clock(state);
      replace(state.html);
    }).catch(function () { /* the demo stopped: the page stays as it is */ });
  }

  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!button || !event.target.closest(".clock")) { return; }
    event.preventDefault();
    fetch("/demo/horloge", { method: "POST", body: new URLSearchParams({ action: button.value }) }).then(refresh);
  });

  setInterval(function () { if (!document.hidden) { refresh(); } }, 1000);
})();
