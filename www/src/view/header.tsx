import { Monitor, Moon, Sun } from 'lucide-preact'
import { setTheme, type Theme, theme } from '../state/theme'
import { languages, locale, setLocale, text } from '../text'

const themes = [
  ['system', Monitor],
  ['light', Sun],
  ['dark', Moon],
] as const satisfies [Theme, typeof Sun][]

export function Header() {
  const words = text.value.header
  return (
    <header class="top">
      <p class="brand">
        <img src="./icon.svg" alt="" width="24" height="24" />
        <strong>payseal</strong>
        <span class="brand-title">{text.value.title}</span>
      </p>
      <fieldset class="segments">
        <legend class="visually-hidden">{words.language}</legend>
        {(['zh', 'en'] as const).map(name => (
          <button
            key={name}
            type="button"
            lang={name === 'zh' ? 'zh-CN' : 'en'}
            aria-pressed={locale.value === name}
            title={languages[name].language}
            onClick={() => setLocale(name)}
          >
            {name === 'zh' ? '中文' : 'EN'}
          </button>
        ))}
      </fieldset>
      <fieldset class="segments">
        <legend class="visually-hidden">{words.theme}</legend>
        {themes.map(([name, Icon]) => (
          <button
            key={name}
            type="button"
            aria-pressed={theme.value === name}
            aria-label={words[name]}
            title={words[name]}
            onClick={() => setTheme(name)}
          >
            <Icon size={16} aria-hidden="true" />
          </button>
        ))}
      </fieldset>
    </header>
  )
}
