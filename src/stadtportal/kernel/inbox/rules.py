"""What a mail says."""


def mail_text(*, greeting_name: str, body: str, url: str, acted_for: str = "") -> str:
    """Return the text of the mail that carries a message; ``url`` leads to the message in the inbox.

    ``acted_for`` names the person whose message it is when it goes to those who act for them.
    """
    greeting = f"Guten Tag {greeting_name}," if greeting_name else "Guten Tag,"
    if acted_for:
        return (
            f"{greeting}\n\ndiese Nachricht ist für {acted_for}. Sie bekommen sie, weil Sie für {acted_for} handeln."
            f"\n\n{body}\n\nSo finden Sie die Nachricht im Postfach: Melden Sie sich an, wählen Sie unter „Vertretung“ "
            f"„Handeln für {acted_for}“ und öffnen Sie dann:\n{url}\n\nIhr Stadtportal\n"
        )
    return f"{greeting}\n\n{body}\n\nDiese Nachricht finden Sie auch in Ihrem Postfach:\n{url}\n\nIhr Stadtportal\n"
