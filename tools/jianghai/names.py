"""Names of roads, all of them made up: two syllables of good meaning and what kind of road it is."""
ROOTS = [pair.split(":") for pair in (
    "金星:Jinxing 银河:Yinhe 东宁:Dongning 南华:Nanhua 西荣:Xirong 北苑:Beiyuan 永康:Yongkang 永兴:Yongxing 永盛:Yongsheng 长安:Chang’an 长乐:Changle "
    "长丰:Changfeng 和平:Heping 和顺:Heshun 和悦:Heyue 吉祥:Jixiang 吉庆:Jiqing 如意:Ruyi 福田:Futian 福星:Fuxing 福寿:Fushou 禄景:Lujing 康泰:Kangtai "
    "康乐:Kangle 文昌:Wenchang 文华:Wenhua 文苑:Wenyuan 武成:Wucheng 明德:Mingde 明珠:Mingzhu 明湖:Minghu 新兴:Xinxing 新民:Xinmin 新桥:Xinqiao "
    "春晖:Chunhui 春江:Chunjiang 夏荷:Xiahe 秋实:Qiushi 冬青:Dongqing 海棠:Haitang 紫荆:Zijing 木棉:Mumian 榕荫:Rongyin 桂香:Guixiang 兰溪:Lanxi "
    "竹园:Zhuyuan 梅岭:Meiling 松涛:Songtao 柳岸:Liu’an 荷塘:Hetang 稻香:Daoxiang 渔歌:Yuge 帆影:Fanying 望江:Wangjiang 临江:Linjiang 滨河:Binhe "
    "双桥:Shuangqiao 石龙:Shilong 白鹭:Bailu 青云:Qingyun 彩虹:Caihong 朝阳:Chaoyang 晨光:Chenguang 晓月:Xiaoyue 星光:Xingguang 创新:Chuangxin "
    "智谷:Zhigu 科苑:Keyuan 云创:Yunchuang 高科:Gaoke 兴业:Xingye 兴工:Xinggong 建设:Jianshe 胜利:Shengli").split()]
KINDS = {"ring": ("环路", "Ring Road"), "primary": ("大道", "Avenue"), "secondary": ("路", "Road"), "street": ("街", "Street"), "lane": ("巷", "Lane")}


class Namer:
    """Gives each road a name that no other of its kind has: the roots in turn, then with where they lie."""

    def __init__(self):
        self.given = {}

    def name(self, kind):
        number = self.given.get(kind, 0)
        self.given[kind] = number + 1
        zh, en = ROOTS[number * 7 % len(ROOTS)]
        turn = number // len(ROOTS)
        before = (("", ""), ("东", "East "), ("西", "West "), ("中", "Middle "))[turn % 4]
        return zh + before[0] + KINDS[kind][0], before[1] + en + " " + KINDS[kind][1]
