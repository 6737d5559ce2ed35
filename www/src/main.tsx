import { render } from 'preact'
import { keepOffline } from './state/offline'
import { start } from './state/panel'
import './style/base.css'
// Before the page, whose narrow form changes it.
import './style/start.css'
import './style/page.css'
import './style/grid.css'
import './style/cell.css'
import './style/side.css'
import './style/approve.css'
import { App } from './view/app'

render(<App />, document.getElementById('panel') as HTMLElement)
void start()
void keepOffline()
