import { Archive, Bell, BookOpen, Briefcase, Building, Building2, CalendarDays, ChartColumn, CircleAlert, CircleCheck, Clock, Construction, Factory, FileText, Flag, Flame, Folder, Gauge, Heart, House, Inbox, KeyRound, LandPlot, Leaf, List, Map, Phone, Radio, RadioTower, Scale, ScrollText, School, Search, Shield, Target, Truck, Users, Wallet, Waves, Wrench } from '@lucide/vue';
import type { Component } from 'vue';
import type { Icon } from './menu';

/** Every picture that packs may name; the API's own list of them holds this one. */
export const icons: Record<Icon, Component> = {
  alert: CircleAlert, archive: Archive, bell: Bell, book: BookOpen, briefcase: Briefcase, building: Building, calendar: CalendarDays, chart: ChartColumn, check: CircleCheck, city: Building2,
  clock: Clock, crane: Construction, factory: Factory, file: FileText, fire: Flame, flag: Flag, folder: Folder, gauge: Gauge, heart: Heart, home: House, inbox: Inbox, key: KeyRound, land: LandPlot, law: Scale,
  leaf: Leaf, list: List, map: Map, money: Wallet, people: Users, phone: Phone, plan: Target, rules: ScrollText, school: School, search: Search, sensor: Radio, shield: Shield, tools: Wrench, tower: RadioTower,
  truck: Truck, water: Waves,
};
