// Invented names of the shapes that Chinese payrolls really hold: two to four characters, double surnames, rare
// characters of the basic plane, and the long names of several peoples, whose parts a middle dot (U+00B7) joins.

const surnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤'
const rareSurnames = '仝逄亓佴邸郗逯鲜闵卞缪宓訾麴酆厍郏阚'
const doubleSurnames = ['欧阳', '上官', '司马', '诸葛', '皇甫', '尉迟', '慕容', '令狐', '呼延', '长孙']
const given =
  '伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰梓涵雨欣浩宇子轩思远佳怡晨曦泽楷若溪一诺俊熙嘉懿雅婷文博建国志强春梅海燕玉兰天佑安然知行亦舒书瑶景行慕白怀瑾清越星河南乔望舒'
// All in the basic plane: the provider takes no others.
const rareGiven = '喆堃犇翀玥昇祎劼彧琎湉瑄璟鋆頔玚烜赟骉㛃䶮'

const tibetan = ['扎西', '次仁', '卓玛', '旦增', '尼玛', '央金', '平措', '德吉', '格桑', '多吉', '拉姆', '普布']
const uyghur = ['阿依古丽', '买买提', '迪力夏提', '艾合买提江', '热依汗', '吐尔逊', '帕提古丽', '阿布都热合曼', '米热古丽', '玉素甫']
const mongolian = ['巴图', '其其格', '苏日娜', '那日苏', '乌云塔娜', '额尔德尼', '阿拉坦', '宝音']
const kazakh = ['叶尔兰', '阿依达娜', '努尔兰', '哈那提', '加娜尔', '赛力克']

/** One name; `pick` takes one element of a list and `random` a number below 1. */
export function payeeName(pick, random) {
  const kind = random()
  if (kind < 0.03) return `${pick(uyghur)}·${pick(uyghur)}`
  if (kind < 0.04) return `${pick(kazakh)}·${pick(kazakh)}`
  if (kind < 0.06) return pick(tibetan) + pick(tibetan)
  if (kind < 0.07) return pick(mongolian) + pick(['', pick(mongolian)])
  if (kind < 0.09) return pick(doubleSurnames) + pick(given) + pick(['', pick(given)])
  if (kind < 0.1) return pick(surnames) + pick(surnames) + pick(given) + pick(given)
  const surname = kind < 0.13 ? pick(rareSurnames) : pick(surnames)
  if (kind < 0.2) return surname + pick(given) + pick(rareGiven)
  return surname + pick(given) + (kind < 0.4 ? '' : pick(given))
}
