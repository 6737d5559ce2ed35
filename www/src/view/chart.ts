/** The parts of Chart.js that are drawn with; loaded when a chart is looked at. */
import { BarController, BarElement, CategoryScale, Chart, LinearScale, LogarithmicScale, Tooltip } from 'chart.js'

Chart.register(BarController, BarElement, CategoryScale, LinearScale, LogarithmicScale, Tooltip)
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily

export { Chart as BarChart }
