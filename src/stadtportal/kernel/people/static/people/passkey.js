// Passkeys on the account pages: shows what needs them only where the browser has them, and says in words what failed.
(() => {
  const problem = document.querySelector('[data-passkey-problem]')
  const isAddress = /^[\d.]+$|:/.test(location.hostname)

  if (window.PublicKeyCredential && !isAddress) {
    for (const part of document.querySelectorAll('[data-passkey-only]')) part.hidden = false
  }

  document.addEventListener('allauth.error', (event) => {
    if (!problem) return
    event.preventDefault()
    const kind = { NotAllowedError: 'cancelled', AbortError: 'cancelled', InvalidStateError: 'known' }
    const name = event.detail.exception ? event.detail.exception.name : ''
    problem.querySelector('[data-passkey-sentence]').textContent = problem.dataset[kind[name] || 'unknown']
    problem.hidden = false
    problem.scrollIntoView({ block: 'nearest' })
  })
})()
