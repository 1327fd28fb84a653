/**
 * The dialog of storage and backups: what is kept where and how much that is, whether the browser keeps it, a backup as one file, and
 * restoring one.
 * @import { BackupOffer } from "../app/state.js"
 * @import { DialogView } from "./dialog.js"
 */
import { actions } from "../app/dialog_actions.js";
import { nameOf } from "../app/collection_names.js";
import { backupChoice, backupOffer, collection, collections, kept, libraryFailure, usage } from "../app/state.js";
import { html, nothing, signal } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { saveIcon, warningIcon } from "./icons.js";
import { rescueSection } from "./rescue.js";
import { dayText, fileSize, t } from "./text.js";

/** Nobody reads more names than these before they decide. */
const MAX_NAMED = 8;

/** Whether someone is asked whether to delete the squares. */
const isSure = signal(false);

/** @type {DialogView} */
export const storageDialog = {
    title: "storage",
    body,
    onOpen: () => actions.openStorage(),
    onClose() {
        isSure.value = false;
        actions.dropBackup();
    },
};

function body() {
    return html`<div class="storage">${failureBox(libraryFailure.value)} ${rescueSection()} ${space()} ${backup()} ${restore()}</div>`;
}

function space() {
    const { database = 0, thumbnails = 0, models = 0, isPromised = null } = usage.value ?? {};
    const parts = /** @type {const} */ ([
        ["database", database],
        ["thumbnails", thumbnails],
        ["models", models],
        ["total", database + thumbnails + models],
    ]);
    return html`<section>
        <h3>${t("storage_space")}</h3>
        ${whereWords()}
        ${
            usage.value
                ? html`<dl class="storage-parts">
                      ${parts.map(
                          ([name, bytes]) => html`<div data-storage=${name} data-value=${bytes}>
                              <dt>${t(`storage_${name}`)}</dt>
                              <dd>${fileSize(bytes)}</dd>
                          </div>`,
                      )}
                  </dl>`
                : nothing
        }
        ${squares()}
        ${kept.value?.where === "opfs" && isPromised !== null ? promise(isPromised) : nothing}
    </section>`;
}

function whereWords() {
    if (!collection.value) return html`<p>${t("storage_nothing")}</p>`;
    return kept.value?.where === "memory"
        ? html`<p class="storage-warning" data-kept="memory">${warningIcon()}<span>${t("storage_memory")}</span></p>`
        : html`<p data-kept="opfs">${t("storage_kept")}</p>`;
}

/** What the network saw of the pictures that own taggers learnt from. */
function squares() {
    const { squares: bytes = 0, n_squares: n = 0 } = usage.value ?? {};
    if (n === 0) return nothing;
    const forget = () => {
        isSure.value = false;
        void actions.deleteSquares();
    };
    const ask = (/** @type {boolean} */ isAsked) => () => void (isSure.value = isAsked);
    return html`<div class="storage-promise" data-storage="squares" data-count=${n} data-value=${bytes}>
        <p>${t("storage_squares", { n, size: fileSize(bytes) })}</p>
        ${
            isSure.value
                ? html`<div class="storage-offer" role="alert">
                      <p>${t("storage_squares_sure")}</p>
                      <p class="library-buttons">
                          <button class="button is-danger" type="button" data-do="delete-squares-sure" @click=${forget}>${t("storage_squares_now")}</button>
                          ${button("keep-squares", t("cancel"), ask(false))}
                      </p>
                  </div>`
                : button("delete-squares", t("storage_squares_delete"), ask(true))
        }
    </div>`;
}

/** @param {boolean} isPromised */
const promise = (isPromised) => html`<div class="storage-promise" data-promised=${isPromised}>
    <p>${t(isPromised ? "storage_promised" : "storage_not_promised")}</p>
    ${isPromised ? nothing : button("ask-storage", t("storage_ask"), actions.askForStorage)}
</div>`;

/** @param {string} name @param {string} words @param {() => void} act @param {boolean} [isDisabled] */
const button = (name, words, act, isDisabled = false) =>
    html`<button class="button" type="button" data-do=${name} ?disabled=${isDisabled} @click=${act}>${words}</button>`;

function backup() {
    const { hasThumbnails, bytes, isSaving } = backupChoice.value;
    const choose = (/** @type {Event} */ { currentTarget }) =>
        actions.chooseBackup(/** @type {HTMLInputElement} */ (currentTarget).checked);
    const size = bytes === null ? t("backup_sizing") : t("backup_size", { size: fileSize(bytes) });
    return html`<section>
        <h3>${t("backup")}</h3>
        <p class="storage-small">${t("backup_what")}</p>
        ${
            collection.value
                ? html`<label class="storage-choice">
                          <span>${t("backup_thumbnails")}</span>
                          <input
                              type="checkbox"
                              role="switch"
                              class="switch"
                              data-do="backup-thumbnails"
                              aria-describedby="backup-thumbnails-why"
                              .checked=${hasThumbnails}
                              ?disabled=${isSaving}
                              @change=${choose}
                          />
                      </label>
                      <p class="storage-small" id="backup-thumbnails-why">${t("backup_thumbnails_why")}</p>
                      <p role="status" data-count="backup" data-value=${bytes ?? ""}>${isSaving ? t("backup_saving") : size}</p>
                      <button class="button is-main" type="button" data-do="save-backup" ?disabled=${isSaving} @click=${actions.saveBackup}>
                          ${saveIcon()}${t("backup_save")}
                      </button>`
                : html`<p>${t("backup_none")}</p>`
        }
    </section>`;
}

function restore() {
    const { value: offer } = backupOffer;
    const onChosen = (/** @type {Event} */ { currentTarget }) => {
        const input = /** @type {HTMLInputElement} */ (currentTarget);
        const file = input.files?.[0];
        input.value = ""; // the same file may be chosen again
        if (file) void actions.offerBackup(file);
    };
    const choose = (/** @type {Event} */ { currentTarget }) =>
        /** @type {HTMLElement | null | undefined} */ (
            /** @type {HTMLElement} */ (currentTarget).parentElement?.querySelector("input[type=file]")
        )?.click();
    return html`<section>
        <h3>${t("restore")}</h3>
        <p class="storage-small">${t("restore_what")}</p>
        ${offer ? offered(offer) : nothing}
        <button class="button" type="button" data-do="choose-backup" ?disabled=${offer?.status === "restoring"} @click=${choose}>${t("restore_choose")}</button>
        <input type="file" data-input="backup" accept=".tagsmith" hidden @change=${onChosen} />
    </section>`;
}

/** @param {BackupOffer} offer */
function offered(offer) {
    const { file, status, content, failure } = offer;
    const { name } = file;
    const detail = failure?.detail ? t("engine_details", { detail: failure.detail }) : "";
    if (status === "failed")
        return html`<div class="storage-offer" data-offer="failed">
            <p class="storage-file"><bdi>${name}</bdi></p>
            ${failureBox(failure ?? null, html`${t("restore_unchanged")} <small>${detail}</small>`)}
        </div>`;
    if (status !== "asking" || !content)
        return html`<p class="storage-offer" role="status" data-offer=${status}>
            <bdi>${t(status === "reading" ? "restore_reading" : "restore_restoring", { name })}</bdi>
        </p>`;
    const here = (collections.value ?? []).reduce((sum, one) => sum + one.n_files, 0);
    const facts = [
        t("n_pictures", { n: content.n_files }),
        t("collections_n", { n: content.collections.length }),
        t("restore_corrections", { n: content.n_corrections }),
        t(content.has_thumbnails ? "restore_with_thumbnails" : "restore_without_thumbnails"),
        fileSize(content.bytes),
        dayText(content.made_ms ?? file.lastModified),
    ];
    const more = content.collections.length - MAX_NAMED;
    return html`<div class="storage-offer" role="alert" data-offer="asking">
        <p class="storage-file"><bdi>${name}</bdi></p>
        <p class="library-facts">${facts.map((fact) => html`<span>${fact}</span>`)}</p>
        <ul class="storage-names">
            ${content.collections
                .slice(0, MAX_NAMED)
                .map(
                    (one) =>
                        html`<li><bdi>${nameOf(one)}</bdi> <span>${t("n_pictures", { n: one.n_files })}</span></li>`,
                )}
            ${more > 0 ? html`<li>${t("restore_more", { n: more })}</li>` : nothing}
        </ul>
        <p>${here > 0 ? t("restore_replaces", { n: here }) : t("restore_replaces_nothing")}</p>
        <p class="library-buttons">
            <button class="button ${here > 0 ? "is-danger" : "is-main"}" type="button" data-do="restore-backup" @click=${actions.restoreBackup}>
                ${t(here > 0 ? "restore_now" : "restore")}
            </button>
            ${button("drop-backup", t("cancel"), actions.dropBackup)}
        </p>
    </div>`;
}
