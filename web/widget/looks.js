// deep-chat's own settings: how it looks, in the colours of panel.css.
export function looks(words) {
  const plain = { backgroundColor: "transparent", padding: "0", maxWidth: "100%", width: "100%", margin: "0" };
  return {
    chatStyle: { fontSize: "0.95rem", backgroundColor: "transparent" },
    textInput: {
      characterLimit: 4000,
      placeholder: { text: words.placeholder, style: { color: "var(--soft)" } },
      styles: {
        container: {
          width: "100%",
          margin: "0",
          borderRadius: "1.4rem",
          border: "1px solid var(--line)",
          backgroundColor: "var(--paper)",
          boxShadow: "none",
        },
        text: { color: "var(--ink)", padding: "0.75rem 3.2rem 0.75rem 1rem", minHeight: "1.4rem" },
        focus: { border: "1px solid var(--brand)", outline: "2px solid var(--brand)" },
      },
    },
    inputAreaStyle: { backgroundColor: "transparent", padding: "0.6rem 0.8rem 0.8rem", width: "100%" },
    messageStyles: { html: { shared: { bubble: plain, innerContainer: { margin: "0 0.8rem" } } } },
  };
}
