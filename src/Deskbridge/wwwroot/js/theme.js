// Runs before the first paint: without a choice of the reader the device decides.
if (document.documentElement.dataset.themeChoice === "device") {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  apply();
  dark.addEventListener("change", apply);
}
