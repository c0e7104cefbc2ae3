// "Select all" beside a list of choices; without script each is ticked by itself.
for (const button of document.querySelectorAll("[data-select-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const box of button.closest("fieldset").querySelectorAll("input[type=checkbox]")) box.checked = true;
  });
}
