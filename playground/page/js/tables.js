// The two table blocks. A data_table sorts by its columns and turns pages; a table is as it is.

import { fill, h, icon } from "./dom.js";
import { richText } from "./richtext.js";

const words = (cell) => (cell?.type === "rich_text" ? null : String(cell?.text ?? cell?.value ?? cell?.number ?? ""));
const drawn = (cell) => (cell?.type === "rich_text" ? richText(cell) : words(cell));
const value = (cell) => (cell?.type === "raw_number" ? Number(cell.value ?? cell.number ?? cell.text) : (words(cell) ?? richText(cell).textContent));

export function table(block) {
  const set = block.column_settings || [];
  const [head, ...rows] = block.rows || [];
  const look = (at) => `${set[at]?.align ? `align-${set[at].align}` : ""}${set[at]?.is_wrapped ? " wrapped" : ""}`.trim() || null;
  const cell = (tag) => (item, at) => h(tag, { class: look(at), ...(tag === "th" ? { scope: "col" } : {}) }, drawn(item));
  return h("div", { class: "table-wrap", tabindex: "0", role: "group", "aria-label": "Table" }, h("table", { class: "table" },
    h("thead", {}, h("tr", {}, (head || []).map(cell("th")))), h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell("td")))))));
}

export function dataTable(block) {
  const [head = [], ...rows] = block.rows || [];
  const size = Math.min(Math.max(Number(block.page_size) || 5, 1), 100);
  const state = { page: 0, by: null, down: false };
  const body = h("tbody");
  const foot = h("div", { class: "table-foot" });
  const numbers = (at) => rows.length > 0 && rows.every((row) => row[at]?.type === "raw_number");
  const heads = head.map((cell, at) => h("th", { scope: "col", class: numbers(at) ? "align-right" : null }, h("button", { type: "button", class: "table-sort", onclick: () => sort(at) }, words(cell), icon("down", 12))));
  const named = Number(block.row_header_column_index) || 0;

  function sort(at) {
    state.down = state.by === at && !state.down;
    Object.assign(state, { by: at, page: 0 });
    heads.forEach((th, index) => (index === at ? th.setAttribute("aria-sort", state.down ? "descending" : "ascending") : th.removeAttribute("aria-sort")));
    draw();
  }

  function ordered() {
    if (state.by === null) return rows;
    const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true }));
    return [...rows].sort((a, b) => compare(value(a[state.by]), value(b[state.by])) * (state.down ? -1 : 1));
  }

  function draw() {
    const from = state.page * size;
    fill(body, ordered().slice(from, from + size).map((row) => h("tr", {}, row.map((cell, at) =>
      h(at === named ? "th" : "td", { scope: at === named ? "row" : null, class: cell?.type === "raw_number" ? "align-right" : null }, drawn(cell))))));
    const turn = (by, label) => h("button", { type: "button", class: "button button-small", disabled: by < 0 ? state.page === 0 : from + size >= rows.length, onclick: () => { state.page += by; draw(); } }, label);
    fill(foot, h("span", { "aria-live": "polite" }, `${Math.min(from + 1, rows.length)} to ${Math.min(from + size, rows.length)} of ${rows.length}`), rows.length > size && [turn(-1, "Previous"), turn(1, "Next")]);
  }

  draw();
  return h("div", { class: "datatable" }, h("div", { class: "table-wrap", tabindex: "0", role: "group", "aria-label": block.caption },
    h("table", { class: "table" }, h("caption", {}, block.caption), h("thead", {}, h("tr", {}, heads)), body)), foot);
}
