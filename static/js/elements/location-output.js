/**
 * <location-output>: where somebody is, asked of the browser once or typed by hand, shown exactly as it will be
 * sent, and as roughly as they like (M-053). Emits `place-changed`.
 */

import { outputOf, placeIn, placeOf } from "../lib/coordinates.js";
import { glyph } from "../lib/glyphs.js";
import { make } from "../lib/make.js";

const PATIENCE_MS = 20_000;
let made = 0;

export class LocationOutput extends HTMLElement {
  #id = `place-${(made += 1)}`;
  #find = make("button", { type: "button", class: "button" }, glyph("place"), gettext("Use my location"));
  #message = make("p", { class: "entry__message", role: "status", hidden: "" });
  #latitude = make("input", { class: "entry__input", id: `${this.#id}-n`, inputmode: "decimal", autocomplete: "off" });
  #longitude = make("input", { class: "entry__input", id: `${this.#id}-e`, inputmode: "decimal", autocomplete: "off" });
  /** @type {HTMLInputElement[]} */
  #precisions = [];
  #sent = make("p", { class: "place__sent", hidden: "" });
  #isFinding = false;

  start() {
    this.className = "place";
    this.append(
      make("div", { class: "place__find" }, this.#find),
      make("div", { class: "place__numbers" },
        make("div", { class: "entry" }, make("label", { class: "entry__label", for: `${this.#id}-n` }, gettext("Latitude")), this.#latitude),
        make("div", { class: "entry" }, make("label", { class: "entry__label", for: `${this.#id}-e` }, gettext("Longitude")), this.#longitude)),
      this.#precisionField(),
      this.#message,
      this.#sent,
    );
    this.#find.addEventListener("click", () => this.#ask());
    this.addEventListener("input", () => {
      this.#say("");
      this.#changed();
    });
    this.#draw();
  }

  #precisionField() {
    const choices = /** @type {[import("../lib/coordinates.js").Precision, string][]} */ ([
      ["exact", gettext("Exact")],
      ["near", gettext("About 1 km")],
      ["area", gettext("About 10 km")],
    ]);
    const labels = choices.map(([value, words]) => {
      const radio = make("input", { type: "radio", name: this.#id, value });
      radio.checked = value === "near";
      this.#precisions.push(radio);
      return make("label", { class: "entry__choice" }, radio, make("span", {}, words));
    });
    return make("fieldset", { class: "entry" }, make("legend", { class: "entry__label" }, gettext("How exact")), make("div", { class: "entry__choices" }, ...labels));
  }

  get #precision() {
    return /** @type {import("../lib/coordinates.js").Precision} */ (this.#precisions.find((radio) => radio.checked)?.value ?? "near");
  }

  /** @returns {string} "" while there is none */
  get value() {
    const place = placeOf(this.#latitude.value, this.#longitude.value);
    return place ? outputOf(place, this.#precision) : "";
  }

  /** @returns {Record<string, string>} for a draft */
  get kept() {
    return { latitude: this.#latitude.value, longitude: this.#longitude.value, precision: this.#precision };
  }

  /** @param {Record<string, any>} kept */
  put({ latitude, longitude, precision }) {
    this.#latitude.value = String(latitude ?? "");
    this.#longitude.value = String(longitude ?? "");
    for (const radio of this.#precisions) radio.checked = radio.value === (precision ?? "near");
    this.#draw();
  }

  /** @param {string} output an earlier one */
  fill(output) {
    const place = placeIn(output);
    if (place) this.put({ latitude: place.latitude, longitude: place.longitude, precision: "exact" });
  }

  /** @returns {boolean} says what is missing, and takes the focus */
  isRight() {
    if (this.value) return true;
    const isEmpty = !this.#latitude.value.trim() && !this.#longitude.value.trim();
    this.#say(isEmpty ? gettext("Use your location, or type a latitude and a longitude.") : gettext("A latitude is between -90 and 90, a longitude between -180 and 180."));
    (isEmpty ? this.#find : this.#latitude).focus();
    return false;
  }

  focus() {
    this.#find.focus();
  }

  #ask() {
    if (this.#isFinding) return;
    if (!navigator.geolocation) return this.#say(gettext("This browser does not tell where you are. Type the place instead."));
    this.#isFinding = true;
    this.#find.disabled = true;
    this.#say(gettext("Asking the browser…"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.#found(coords),
      ({ code }) => this.#asked(code === 1 ? gettext("The browser may not tell where you are. Type the place instead.") : gettext("Your place was not found. Type it instead.")),
      { timeout: PATIENCE_MS, maximumAge: 60_000 },
    );
  }

  /** @param {GeolocationCoordinates} coords */
  #found({ latitude, longitude }) {
    this.#latitude.value = latitude.toFixed(5);
    this.#longitude.value = longitude.toFixed(5);
    this.#asked("");
    this.#changed();
  }

  /** @param {string} words */
  #asked(words) {
    this.#isFinding = false;
    this.#find.disabled = false;
    this.#say(words);
  }

  #changed() {
    this.#draw();
    this.dispatchEvent(new CustomEvent("place-changed", { bubbles: true }));
  }

  #draw() {
    const output = this.value;
    this.#sent.hidden = output === "";
    this.#sent.replaceChildren(gettext("This is sent:"), " ", make("code", {}, output));
  }

  /** @param {string} words */
  #say(words) {
    this.#message.textContent = words;
    this.#message.hidden = words === "";
  }
}

customElements.define("location-output", LocationOutput);
