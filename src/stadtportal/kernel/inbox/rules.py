"""What a mail says."""


def mail_text(*, greeting_name: str, body: str, url: str) -> str:
    """Return the text of the mail that carries a message; ``url`` leads to the message in the inbox."""
    greeting = f"Guten Tag {greeting_name}," if greeting_name else "Guten Tag,"
    return f"{greeting}\n\n{body}\n\nDiese Nachricht finden Sie auch in Ihrem Postfach:\n{url}\n\nIhr Stadtportal\n"
