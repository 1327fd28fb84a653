/**
 * Around every field in which something can be typed. Chromium asks a server of Google's what the fields of a page may be for (its
 * autofill), whatever `autocomplete` says; of search forms it does not, and it knows them by where they lead. So nothing is asked of
 * anyone because somebody tags pictures here. The form itself is never sent.
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { html } from "../vendor/view.js";

/** @param {TemplateResult} fields */
export const localForm = (fields) =>
    html`<form class="local-form" action="/search" role="presentation" @submit=${stay}>${fields}</form>`;

/** @param {Event} event */
const stay = (event) => event.preventDefault();
