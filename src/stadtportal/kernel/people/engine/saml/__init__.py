"""A SAML 2.0 service provider as BundID asks for it: requests that are signed, answers that are taken apart.

Nothing here knows Django or a database. Every refusal is a :class:`~.refusals.SamlRefused` with a reason.
"""
