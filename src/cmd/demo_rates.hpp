#pragma once

#include <array>

namespace qipan::cmd {

/// Shapes of a real city's year of reports (10,000 requests of Baltimore's 311, 2014 to 2019), per thousand,
/// as tools/fit_reports.py prints them. Only these sums are taken from the file; see docs/demo.md.
inline constexpr std::array<int, 24> hour_weights = {3,  7,  14, 37, 55, 73, 73, 62, 66,  68, 78, 72,
                                                     58, 42, 36, 29, 22, 18, 12, 60, 104, 4,  4,  2};
/// Monday first.
inline constexpr std::array<int, 7> weekday_weights = {183, 188, 186, 170, 145, 51, 77};
/// How unequal the commonest classes are; ours take these shares in the order of demo_classes.
inline constexpr std::array<int, 24> class_weights = {246, 124, 103, 57, 54, 44, 39, 34, 34, 32, 26, 21,
                                                      21,  20,  17,  17, 15, 15, 14, 14, 14, 13, 13, 12};
/// Time used until closing, per thousand of the time allowed: twentieths of all reports. The last twentieth
/// is cut at six times the limit: beyond that the file has reports that were forgotten for years.
inline constexpr std::array<int, 21> handling_shares = {
    0, 0, 0, 0, 0, 6, 43, 78, 115, 152, 195, 249, 310, 389, 486, 627, 822, 1033, 1498, 3202, 6000};
inline constexpr int duplicates_per_thousand = 22;
inline constexpr int placeless_per_thousand = 148;

struct DemoClass {
  const char* code;
  const char* condition;
  const char* description;
};
/// Our classes, the commonest first: what a Chinese street sees most.
inline constexpr std::array<DemoClass, 24> demo_classes = {{
    {"S0102", "dirty", "路边有暴露垃圾，请清理"},
    {"S0405", "blocked", "共享单车乱停放，挡住盲道"},
    {"S0404", "blocked", "机动车停在人行道上"},
    {"S0403", "blocked", "店家把货摆到店外"},
    {"B0113", "not_working", "路灯不亮，夜里看不清路"},
    {"S0110", "blocked", "楼道口堆了杂物"},
    {"B0304", "damaged", "垃圾箱破了，垃圾散在地上"},
    {"S0201", "dirty", "墙上贴满小广告"},
    {"B0104", "blocked", "雨水箅子堵了，下雨就积水"},
    {"S0104", "damaged", "路面有坑，车开过去很颠"},
    {"B0102", "loose", "井盖松动，车压过去响"},
    {"S0103", "dirty", "有人倒了一堆渣土"},
    {"S0407", "other", "门店音响声音太大"},
    {"S0401", "blocked", "路口有摊贩占道"},
    {"B0208", "damaged", "护栏被撞歪了"},
    {"B0402", "dangerous", "行道树枝断了，快掉下来"},
    {"S0302", "dirty", "工地没有喷淋，灰很大"},
    {"S0505", "leaking", "路口积水，没过脚面"},
    {"B0301", "dirty", "公厕没人打扫"},
    {"S0602", "blocked", "消防通道被车堵住"},
    {"B0101", "missing", "井盖不见了，很危险"},
    {"S0301", "other", "夜里还在施工，吵得睡不着"},
    {"B0207", "not_working", "红绿灯不亮了"},
    {"S0502", "leaking", "自来水管爆了，水流了一地"},
}};

}  // namespace qipan::cmd
