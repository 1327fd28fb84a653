/**
 * What `<image-tagger>` looks like.
 * @import { Language } from "./element_words.js"
 *
 * @typedef {{id: string, name: string, confidence: number}} ShownTag
 * `share` of the model that has come, null where nobody knows.
 * @typedef {{
 *   language: Language, state: "empty" | "loading" | "tagging" | "done" | "failed", share: number | null, picture: string | null,
 *   tags: readonly ShownTag[], error: {title: string, remedy: string, code: string} | null, said: string | null, isOver: boolean, isDisabled: boolean }} Shown
 *   `said`: what was just done
 * @typedef {{
 *   choose: () => void, chosen: (event: Event) => void, over: (event: DragEvent) => void, left: (event: DragEvent) => void,
 *   dropped: (event: DragEvent) => void, remove: (at: number) => void, clear: () => void }} Actions
 */
import { html, nothing } from "../../vendor/view.js";
import { say } from "./element_words.js";

/** @param {Shown} shown @param {Actions} actions */
export function view({ language, state, picture, tags, error, isOver, isDisabled, ...rest }, actions) {
    const t = (/** @type {import("./element_words.js").Key} */ key, values = {}) => say(language, key, values);
    const isBusy = state === "loading" || state === "tagging";
    return html`<div
            part="drop"
            class=${isOver ? "drop is-over" : "drop"}
            aria-busy=${isBusy}
            @dragenter=${actions.over}
            @dragover=${actions.over}
            @dragleave=${actions.left}
            @drop=${actions.dropped}
        >
            ${picture ? html`<img part="picture" src=${picture} alt="" />` : nothing}
            <button part="button" class="choose" type="button" aria-describedby="state" ?disabled=${isDisabled} @click=${actions.choose}>
                ${t(state === "empty" ? "choose" : "change")}
            </button>
            <input
                type="file"
                accept="image/*"
                hidden
                ?disabled=${isDisabled}
                @input=${(/** @type {Event} */ event) => event.stopPropagation()}
                @change=${actions.chosen}
            />
            ${state === "empty" ? html`<p part="hint" class="hint">${t("drop")}</p>` : nothing}
            ${
                state === "empty"
                    ? nothing
                    : html`<button
                          part="clear"
                          class="clear"
                          type="button"
                          title=${t("clear")}
                          aria-label=${t("clear")}
                          ?disabled=${isDisabled}
                          @click=${actions.clear}
                      >
                          ✕
                      </button>`
            }
        </div>
        <p part="status" id="state" role="status">${status({ state, tags, ...rest }, t)}</p>
        <p part="error" class="error" role="alert" data-code=${error?.code ?? nothing}>
            ${error ? html`<strong>${error.title}</strong> ${error.remedy}` : nothing}
        </p>
        ${
            tags.length === 0
                ? nothing
                : html`<ul part="tags" role="list" aria-label=${t("tags")}>
                      ${tags.map(
                          ({ id, name }, at) =>
                              html`<li part="tag" data-tag=${id}>
                                  <span part="name">${name}</span
                                  ><button
                                      part="remove"
                                      class="remove"
                                      type="button"
                                      aria-label=${t("remove", { name })}
                                      ?disabled=${isDisabled}
                                      @click=${() => actions.remove(at)}
                                  >
                                      ✕
                                  </button>
                              </li>`,
                      )}
                  </ul>`
        }`;
}

/** @param {Pick<Shown, "state" | "share" | "tags" | "said">} shown @param {(key: import("./element_words.js").Key, values?: Record<string, string | number>) => string} t */
function status({ state, share, tags, said }, t) {
    if (state === "loading")
        return share === null ? t("loading") : t("loading_share", { share: Math.floor(share * 10) * 10 });
    if (state === "tagging") return t("tagging");
    if (state !== "done") return said ?? "";
    const { length: n } = tags;
    const count = n === 0 ? t("found_none") : n === 1 ? t("found_one") : t("found", { n });
    return said ? `${said} ${count}` : count;
}
