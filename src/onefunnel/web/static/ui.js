// What htmx does not do: theme, palette, the panel beside the page, keys. A page works without it.
(() => {
  const root = document.documentElement;
  const app = () => document.querySelector(".app");
  const panel = () => document.getElementById("panel");
  let opener = null;

  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const toggleTheme = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
  };

  const palette = () => document.querySelector("dialog.palette");
  const find = () => {
    const dialog = palette();
    if (!dialog || dialog.open) return;
    opener = document.activeElement;
    dialog.showModal();
    const input = dialog.querySelector("input");
    input.select();
    htmx.trigger(input, "palette");
  };

  const showPanel = (on) => {
    if (!panel() || !app()) return;
    app().classList.toggle("app--panel", on);
    app().dataset.panel = on ? "open" : "";
    if (on) panel().focus({ preventScroll: true });
    else {
      panel().replaceChildren();
      if (opener && opener.isConnected) opener.focus();
    }
  };

  const move = (list, step) => {
    const at = list.indexOf(document.activeElement);
    const next = list[at < 0 ? 0 : Math.max(0, Math.min(list.length - 1, at + step))];
    if (next) next.focus();
  };

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-theme-toggle]")) toggleTheme();
    else if (on("[data-palette]")) find();
    else if (on("[data-close]")) showPanel(false);
    else if (on("[data-print]")) print();
    const copy = on("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => (copy.textContent = copy.dataset.copied));
  });
  // The time zone of this browser, for a form that asks for it.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.querySelectorAll("input[data-zone]").forEach((each) => (each.value = zone));

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-at-once]");
    if (form) form.requestSubmit();
  });

  // A part that is put into the panel opens it; the focus comes back when it closes.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id === "panel" && event.detail.elt.matches("a, button")) opener = event.detail.elt;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "panel" && app()?.dataset.panel !== "open") showPanel(true);
  });

  // Files dropped on a form of files: as if they were chosen there.
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const form = event.target.closest?.("form[data-drop]");
      if (!form || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("is-over", name === "dragover");
      if (name !== "drop") return;
      form.querySelector("input[type=file]").files = event.dataTransfer.files;
      form.requestSubmit();
    });
  }

  document.addEventListener("keydown", (event) => {
    const key = event.key;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k") { event.preventDefault(); find(); return; }
    const dialog = palette();
    if (dialog?.open && (key === "ArrowDown" || key === "ArrowUp")) {
      event.preventDefault();
      move([dialog.querySelector("input"), ...dialog.querySelectorAll("#found a")], key === "ArrowDown" ? 1 : -1);
      return;
    }
    if (dialog?.open && key === "Enter" && document.activeElement.matches("input")) {
      event.preventDefault();
      dialog.querySelector("#found a")?.click();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Escape") { document.querySelectorAll("details[open].menu").forEach((each) => (each.open = false)); if (!dialog?.open) showPanel(false); return; }
    if (/INPUT|TEXTAREA|SELECT/.test(document.activeElement?.tagName)) return;
    const rows = [...document.querySelectorAll("[data-row]")];
    if (rows.length && (key === "j" || key === "k")) { move(rows, key === "j" ? 1 : -1); return; }
    document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
  });
})();
