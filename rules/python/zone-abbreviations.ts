/**
 * Abbreviations of the IANA database's zones since 2005, as in Python, which `Intl` does not provide: `CST+480` is used
 * while the offset is 480 minutes east of UTC. Zones without letters in the database are not listed.
 */
const TABLE = `
SST-660: Pacific/Midway Pacific/Pago_Pago Pacific/Samoa US/Samoa
HST-600: HST Pacific/Honolulu Pacific/Johnston US/Hawaii
HST-600 HDT-540: America/Adak America/Atka US/Aleutian
AKST-540 AKDT-480: America/Anchorage America/Juneau America/Metlakatla America/Nome America/Sitka America/Yakutat
  US/Alaska
PST-480 MST-420: America/Dawson America/Fort_Nelson America/Whitehorse Canada/Yukon
PST-480 PDT-420: America/Ensenada America/Los_Angeles America/Santa_Isabel America/Tijuana America/Vancouver
  Canada/Pacific Mexico/BajaNorte PST8PDT US/Pacific
MST-420: America/Creston America/Dawson_Creek America/Hermosillo America/Phoenix MST US/Arizona
MST-420 CST-360: America/Chihuahua
MST-420 CST-360 CDT-300: America/Bahia_Banderas America/North_Dakota/Beulah America/Ojinaga
MST-420 MDT-360: America/Boise America/Cambridge_Bay America/Ciudad_Juarez America/Denver America/Edmonton
  America/Inuvik America/Mazatlan America/Shiprock America/Yellowknife Canada/Mountain MST7MDT Mexico/BajaSur Navajo
  US/Mountain
CST-360: America/Belize America/Costa_Rica America/El_Salvador America/Regina America/Swift_Current
  Canada/Saskatchewan
CST-360 CDT-300: America/Chicago America/Guatemala America/Indiana/Knox America/Indiana/Tell_City America/Knox_IN
  America/Managua America/Matamoros America/Menominee America/Merida America/Mexico_City America/Monterrey
  America/North_Dakota/Center America/North_Dakota/New_Salem America/Rainy_River America/Rankin_Inlet
  America/Resolute America/Tegucigalpa America/Winnipeg CST6CDT Canada/Central Mexico/General US/Central
  US/Indiana-Starke
CST-360 EST-300: America/Cancun
CST-360 EST-300 EDT-240: America/Indiana/Petersburg America/Indiana/Vincennes America/Indiana/Winamac
CST-300 CDT-240: America/Havana Cuba
EST-300: America/Atikokan America/Cayman America/Coral_Harbour America/Jamaica America/Panama EST Jamaica
EST-300 EDT-240: America/Detroit America/Fort_Wayne America/Grand_Turk America/Indiana/Indianapolis
  America/Indiana/Marengo America/Indiana/Vevay America/Indianapolis America/Iqaluit America/Kentucky/Louisville
  America/Kentucky/Monticello America/Louisville America/Montreal America/Nassau America/New_York America/Nipigon
  America/Pangnirtung America/Port-au-Prince America/Thunder_Bay America/Toronto Canada/Eastern EST5EDT
  US/East-Indiana US/Eastern US/Michigan
AST-240: America/Anguilla America/Antigua America/Aruba America/Barbados America/Blanc-Sablon America/Curacao
  America/Dominica America/Grenada America/Guadeloupe America/Kralendijk America/Lower_Princes America/Marigot
  America/Martinique America/Montserrat America/Port_of_Spain America/Puerto_Rico America/Santo_Domingo
  America/St_Barthelemy America/St_Kitts America/St_Lucia America/St_Thomas America/St_Vincent America/Tortola
  America/Virgin
AST-240 ADT-180: America/Glace_Bay America/Goose_Bay America/Halifax America/Moncton America/Thule Atlantic/Bermuda
  Canada/Atlantic
NST-210 NDT-150: America/St_Johns Canada/Newfoundland
GMT+0: Africa/Abidjan Africa/Accra Africa/Bamako Africa/Banjul Africa/Bissau Africa/Conakry Africa/Dakar
  Africa/Freetown Africa/Lome Africa/Monrovia Africa/Nouakchott Africa/Ouagadougou Africa/Timbuktu
  America/Danmarkshavn Atlantic/Reykjavik Atlantic/St_Helena Etc/GMT Etc/GMT+0 Etc/GMT-0 Etc/GMT0 Etc/Greenwich GMT
  GMT+0 GMT-0 GMT0 Greenwich Iceland
GMT+0 BST+60: Europe/Belfast Europe/Guernsey Europe/Isle_of_Man Europe/Jersey Europe/London GB GB-Eire
GMT+0 IST+60: Eire Europe/Dublin
GMT+0 WAT+60: Africa/Sao_Tome
UTC+0: Etc/UCT Etc/UTC Etc/Universal Etc/Zulu UCT Universal Zulu
WET+0 WEST+60: Atlantic/Canary Atlantic/Faeroe Atlantic/Faroe Atlantic/Madeira Europe/Lisbon Portugal WET
CET+60: Africa/Algiers
CET+60 CEST+120: Africa/Ceuta Africa/Tunis Arctic/Longyearbyen Atlantic/Jan_Mayen CET Europe/Amsterdam
  Europe/Andorra Europe/Belgrade Europe/Berlin Europe/Bratislava Europe/Brussels Europe/Budapest Europe/Busingen
  Europe/Copenhagen Europe/Gibraltar Europe/Ljubljana Europe/Luxembourg Europe/Madrid Europe/Malta Europe/Monaco
  Europe/Oslo Europe/Paris Europe/Podgorica Europe/Prague Europe/Rome Europe/San_Marino Europe/Sarajevo
  Europe/Skopje Europe/Stockholm Europe/Tirane Europe/Vaduz Europe/Vatican Europe/Vienna Europe/Warsaw Europe/Zagreb
  Europe/Zurich MET Poland
CET+60 EET+120: Africa/Tripoli Libya
WAT+60: Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Lagos Africa/Libreville Africa/Luanda
  Africa/Malabo Africa/Ndjamena Africa/Niamey Africa/Porto-Novo
WAT+60 CAT+120: Africa/Windhoek
CAT+120: Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Kigali Africa/Lubumbashi
  Africa/Lusaka Africa/Maputo
CAT+120 EAT+180: Africa/Juba Africa/Khartoum
EET+120: Asia/Amman Asia/Damascus Asia/Istanbul Europe/Istanbul Europe/Kaliningrad Europe/Minsk Turkey
EET+120 EEST+180: Africa/Cairo Asia/Beirut Asia/Famagusta Asia/Gaza Asia/Hebron Asia/Nicosia EET Egypt Europe/Athens
  Europe/Bucharest Europe/Chisinau Europe/Helsinki Europe/Kiev Europe/Kyiv Europe/Mariehamn Europe/Nicosia
  Europe/Riga Europe/Sofia Europe/Tallinn Europe/Tiraspol Europe/Uzhgorod Europe/Vilnius Europe/Zaporozhye
EET+120 MSK+180 MSK+240: Europe/Simferopol
IST+120 IDT+180: Asia/Jerusalem Asia/Tel_Aviv Israel
SAST+120: Africa/Johannesburg Africa/Maseru Africa/Mbabane
EAT+180: Africa/Addis_Ababa Africa/Asmara Africa/Asmera Africa/Dar_es_Salaam Africa/Djibouti Africa/Kampala
  Africa/Mogadishu Africa/Nairobi Indian/Antananarivo Indian/Comoro Indian/Mayotte
MSK+180: Europe/Volgograd
MSK+180 MSK+240: Europe/Kirov Europe/Moscow W-SU
PKT+300 PKST+360: Asia/Karachi
IST+330: Asia/Calcutta Asia/Kolkata
WIB+420: Asia/Jakarta Asia/Pontianak
AWST+480 AWDT+540: Australia/Perth Australia/West
CST+480: Asia/Chongqing Asia/Chungking Asia/Harbin Asia/Macao Asia/Macau Asia/Shanghai Asia/Taipei PRC ROC
HKT+480: Asia/Hong_Kong Hongkong
PST+480: Asia/Manila
WITA+480: Asia/Makassar Asia/Ujung_Pandang
KST+510 KST+540: Asia/Pyongyang
JST+540: Asia/Tokyo Japan
KST+540: Asia/Seoul ROK
WIT+540: Asia/Jayapura
ACST+570: Australia/Darwin Australia/North
ACST+570 ACDT+630: Australia/Adelaide Australia/Broken_Hill Australia/South Australia/Yancowinna
AEST+600: Australia/Brisbane Australia/Lindeman Australia/Queensland
AEST+600 AEDT+660: Antarctica/Macquarie Australia/ACT Australia/Canberra Australia/Currie Australia/Hobart
  Australia/Melbourne Australia/NSW Australia/Sydney Australia/Tasmania Australia/Victoria
ChST+600: Pacific/Guam Pacific/Saipan
NZST+720 NZDT+780: Antarctica/McMurdo Antarctica/South_Pole NZ Pacific/Auckland
`;

let abbreviations: Map<string, string> | undefined;

/** The abbreviation of a zone while it has this offset in seconds, or the offset itself: `-03`, `+0530`. */
export function zoneAbbreviation(zone: string, offset: number): string {
  abbreviations ??= readTable();
  const minutes = Math.round(offset / 60);
  return abbreviations.get(`${zone.toLowerCase()} ${minutes}`) ?? numericAbbreviation(minutes);
}

function readTable(): Map<string, string> {
  const entries = TABLE.replace(/\n {2}/g, " ")
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [letters, zones] = line.split(": ");
      const names = Array.from(letters.matchAll(/([A-Za-z]+)([+-]\d+)/g), ([, name, minutes]) => ({ name, minutes }));
      return zones
        .toLowerCase()
        .split(" ")
        .flatMap((zone) => names.map(({ name, minutes }) => [`${zone} ${Number(minutes)}`, name] as const));
    });
  return new Map(entries);
}

function numericAbbreviation(minutes: number): string {
  const magnitude = Math.abs(minutes);
  const hours = String(Math.floor(magnitude / 60)).padStart(2, "0");
  const rest = magnitude % 60;
  return `${minutes < 0 ? "-" : "+"}${hours}${rest === 0 ? "" : String(rest).padStart(2, "0")}`;
}
