/**
 * The service worker: keeps every file of the panel, so that it opens and reads every kind of sheet without a network.
 * The build fills in the list. A new version takes over when the last page of the old one is closed, so that no page
 * ever gets files of two versions.
 */
const FILES = ['__FILES__']
const VERSION = '__VERSION__'
const NAME = `payseal-panel-${VERSION}`

addEventListener('install', event => {
  event.waitUntil(caches.open(NAME).then(cache => cache.addAll(FILES)))
})

addEventListener('activate', event => {
  const old = name => name.startsWith('payseal-panel-') && name !== NAME
  const clean = async () => Promise.all((await caches.keys()).filter(old).map(name => caches.delete(name)))
  event.waitUntil(clean())
})

addEventListener('fetch', event => {
  if (event.request.method !== 'GET') return
  const answer = async () => {
    const cache = await caches.open(NAME)
    return (await cache.match(event.request, { ignoreSearch: true, ignoreVary: true })) ?? fetch(event.request)
  }
  event.respondWith(answer())
})
