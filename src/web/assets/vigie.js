// A little comfort; every page works without it. In the demonstration, pages follow the simulated time.
(function () {
  "use strict";
  // A link to a part that is folded unfolds it.
  function unfold() {
    var part = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    var fold = part && part.closest("details");
    if (fold && !fold.open) { fold.open = true; part.scrollIntoView(); }
  }
  window.addEventListener("hashchange", unfold);
  unfold();
  // The key « / » leads to the search box, save where one types.
  document.addEventListener("keydown", function (event) {
    var find = document.getElementById("chercher");
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName || "") || event.target.isContentEditable;
    if (event.key !== "/" || !find || typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
    event.preventDefault();
    find.focus();
    find.select();
  });
  if (!document.body.hasAttribute("data-demo")) { return; }
  var main = document.getElementById("contenu");
  var day = document.getElementById("jour");
  var pace = document.getElementById("allure");
  var seen = null;

  function same(id) { return id ? document.getElementById(id) : null; }

  // What the reader opened, typed, scrolled and focused stays so when the content under it changes.
  function replace(html) {
    var next = new DOMParser().parseFromString(html, "text/html").getElementById("contenu");
    if (!next || next.innerHTML === main.dataset.last) { return; }
    main.dataset.last = next.innerHTML;
    var states = {};
    main.querySelectorAll("details[id]").forEach(function (d) { states[d.id] = d.open; });
    var focused = document.activeElement;
    var inside = focused && main.contains(focused) && focused !== main;
    if (inside && /^(INPUT|SELECT|TEXTAREA)$/.test(focused.tagName)) { return; }
    var anchor = inside ? (focused.id || (focused.closest("[id]") || {}).id) : null;
    var summary = inside && focused.tagName === "SUMMARY";
    var link = inside ? focused.getAttribute("href") : null;
    main.replaceChildren.apply(main, Array.prototype.slice.call(next.childNodes));
    Object.keys(states).forEach(function (id) { if (same(id)) { same(id).open = states[id]; } });
    var back = same(anchor);
    if (back && summary) { back = back.querySelector("summary"); }
    if (back && link) { back = back.querySelector('a[href="' + CSS.escape(link).replace(/\\\//g, "/") + '"]') || back; }
    if (back) { back.focus({ preventScroll: true }); }
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
      if (state.version === seen) { return null; }
      seen = state.version;
      return fetch(location.href).then(function (page) { return page.text(); }).then(replace);
    }).catch(function () { if (pace) { pace.textContent = "la démonstration est arrêtée"; } });
  }

  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!button || !event.target.closest(".clock")) { return; }
    event.preventDefault();
    fetch("/demo/horloge", { method: "POST", body: new URLSearchParams({ action: button.value }) })
      .then(refresh).then(function () { setTimeout(refresh, 300); });
  });

  setInterval(function () { if (!document.hidden) { refresh(); } }, 1000);
})();
