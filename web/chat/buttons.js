/** The buttons of the masthead: a new conversation, also by key, and the kept ones. */

import { byId } from "../lib/dom.js";
import { newConversation } from "./conversation.js";

/**
 * @param {import("./keeper.js").Keeper} keeper
 * @param {import("../routes.js").Shell} shell
 */
export function connectButtons(keeper, shell) {
  const begin = () => {
    keeper.show(newConversation());
    shell.go("/");
  };
  /** @type {Promise<import("./history.js").HistoryDialog> | null} */
  let dialog = null;
  const open = async () => {
    dialog ??= import("./history.js").then(({ HistoryDialog }) => new HistoryDialog(keeper, shell));
    try {
      await (await dialog).open();
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
      // The module did not come, or the browser does not give the conversations out.
      dialog = null;
      keeper.note("The conversations cannot be shown now. Check that the server is running, then try again.");
    }
  };
  byId("history-new").addEventListener("click", begin);
  byId("history-open").addEventListener("click", () => void open());
  document.addEventListener("keydown", (event) => {
    // Where Alt + N types a character (ñ on a Mac), that is what it does.
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.key.toLowerCase() !== "n") return;
    if (document.querySelector("dialog:modal")) return;
    event.preventDefault();
    begin();
  });
}
