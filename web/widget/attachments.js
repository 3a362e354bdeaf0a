// What stands beside a text: options in a row, a comparison, an order.
import { el, fill, price } from "./dom.js";

export function attachments(content, context) {
  const { shortlist, comparison, order } = content;
  return [
    shortlist && options(shortlist, context),
    comparison && compared(comparison, context),
    order && ordered(order, context),
  ].filter(Boolean);
}

// The same in words, for those who listen.
export function spoken(content, { words }) {
  const said = (content.shortlist?.options ?? []).map((option, index, all) => {
    const number = fill(words.option, { rank: index + 1, count: all.length });
    return `${number}: ${option.name}, ${price(option.price, option.currency)}. ${option.reason ?? ""}`;
  });
  if (content.comparison) said.push(`${words.compare}: ${content.comparison.options.join(", ")}.`);
  if (content.order) said.push(`${fill(words.order, content.order)}.`);
  for (const button of content.buttons ?? []) said.push(`${button.title}.`);
  return said.join(" ");
}

function options({ options: all }, context) {
  const cards = all.map((option, index) => card(option, index, all.length, context));
  return el("ul", { class: "options", "aria-label": context.words.options, role: "list" }, ...cards);
}

function card(option, index, count, context) {
  const { words, origin, press } = context;
  const number = fill(words.option, { rank: index + 1, count });
  return el(
    "li",
    { class: "option", "aria-label": `${number}: ${option.name}` },
    option.image && picture(option, origin),
    el("span", { class: "brand" }, option.brand ?? ""),
    el("strong", { class: "called" }, option.name),
    el("span", { class: "price" }, price(option.price, option.currency), unit(option)),
    reason(words.reason, option.reason, "reason"),
    reason(words.drawback, option.drawback, "drawback"),
    option.delivery && el("span", { class: "delivery" }, option.delivery),
    option.choose &&
      el(
        "button",
        {
          type: "button",
          class: "choose",
          "aria-label": `${words.choose}: ${option.name}`,
          onclick: () => press(option.choose, fill(words.chosen, option)),
        },
        words.choose,
      ),
  );
}

function picture(option, origin) {
  const elsewhere = option.image.startsWith("https://");
  const source = new URL(elsewhere ? option.image : `/static/products/${option.image}`, origin);
  return el("img", { src: source.href, alt: "", loading: "lazy", width: 160, height: 112 });
}

function unit(option) {
  return option.unit && option.unit !== "piece" ? ` / ${option.unit}` : "";
}

function reason(label, text, kind) {
  return text ? el("p", { class: kind }, el("b", {}, `${label}: `), text) : null;
}

function compared({ options: names, rows }, { words }) {
  const head = [words.aspect, ...names].map((name) => el("th", { scope: "col" }, name));
  const body = rows.map(([name, ...values]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, name),
      ...values.map((value) => el("td", {}, String(value ?? "–"))),
    ),
  );
  const table = el(
    "table",
    {},
    el("caption", { class: "unseen" }, words.compare),
    el("thead", {}, el("tr", {}, ...head)),
    el("tbody", {}, ...body),
  );
  return el("div", { class: "comparison", tabindex: 0, role: "region", "aria-label": words.compare }, table);
}

function ordered(order, { words }) {
  const lines = (order.items ?? []).map((item) => el("li", {}, line(item, order, words)));
  return el(
    "section",
    { class: "order", "aria-label": fill(words.order, order) },
    el("strong", {}, fill(words.order, order)),
    el("ul", { role: "list" }, ...lines),
    el("dl", {}, ...term(words.total, sum(order)), ...term(words.deliver_by, order.deliver_by)),
  );
}

function line(item, order, words) {
  if (typeof item === "string") return item;
  const name = fill(words.item, { count: item.quantity ?? 1, name: item.name });
  return item.price === undefined ? name : `${name}, ${price(item.price, item.currency ?? order.currency)}`;
}

function sum({ total, currency }) {
  return typeof total === "number" ? price(total, currency) : total;
}

function term(name, value) {
  return value ? [el("dt", {}, name), el("dd", {}, String(value))] : [];
}
