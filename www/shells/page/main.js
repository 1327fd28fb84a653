/** The web page: puts platform, app and views together. */
import { actions, start } from "../../app/actions.js";
import { open_platform } from "../../platform/page.js";
import { mount_app } from "../../views/app.js";
import { read_options } from "./options.js";

start(open_platform(document), read_options(location.search));
actions.keep_page();
await actions.recall_language(); // nothing is shown in another language first
mount_app(document);
