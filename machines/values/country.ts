// ISO 3166-1 alpha-2, officially assigned codes.
const COUNTRIES: ReadonlySet<string> = new Set(
  (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ " +
    "BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM " +
    "DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS " +
    "GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN " +
    "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ " +
    "MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM " +
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV " +
    "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI " +
    "VN VU WF WS YE YT ZA ZM ZW"
  ).split(" "),
);

interface CountryRule {
  readonly needsRegion: boolean;
  readonly postalCode?: RegExp;
}

const FOUR_DIGITS = /^\d{4}$/;
const FIVE_DIGITS = /^\d{5}$/;
const SIX_DIGITS = /^\d{6}$/;

const RULES: Readonly<Record<string, CountryRule>> = {
  ...postalCodes("AT AU BE BG CH CY DK HU LI LU NO NZ SI TN ZA", FOUR_DIGITS),
  ...postalCodes("DE EE ES FI FR HR ID IT KR LT MC MX MY SM TH TR UA VA", FIVE_DIGITS),
  ...postalCodes("CN CO IN KZ RO RU SG VN", SIX_DIGITS),
  ...postalCodes("CZ GR SE SK", /^\d{3} ?\d{2}$/),
  AU: { needsRegion: true, postalCode: FOUR_DIGITS },
  BR: { needsRegion: true, postalCode: /^\d{5}-?\d{3}$/ },
  CA: { needsRegion: true, postalCode: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i },
  CN: { needsRegion: true, postalCode: SIX_DIGITS },
  GB: { needsRegion: false, postalCode: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i },
  IN: { needsRegion: true, postalCode: SIX_DIGITS },
  IT: { needsRegion: true, postalCode: FIVE_DIGITS },
  JP: { needsRegion: true, postalCode: /^\d{3}-?\d{4}$/ },
  LV: { needsRegion: false, postalCode: /^(LV-)?\d{4}$/i },
  MX: { needsRegion: true, postalCode: FIVE_DIGITS },
  NL: { needsRegion: false, postalCode: /^\d{4} ?[A-Z]{2}$/i },
  PL: { needsRegion: false, postalCode: /^\d{2}-?\d{3}$/ },
  PT: { needsRegion: false, postalCode: /^\d{4}-?\d{3}$/ },
  US: { needsRegion: true, postalCode: /^\d{5}(-\d{4})?$/ },
};

function postalCodes(countries: string, postalCode: RegExp): Record<string, CountryRule> {
  return Object.fromEntries(
    countries.split(" ").map((country) => [country, { needsRegion: false, postalCode }]),
  );
}

/** Whether a text is an ISO 3166-1 alpha-2 country code. */
export function isCountry(code: string): boolean {
  return COUNTRIES.has(code);
}

/** What an address needs in a country, beyond line and city; often nothing. */
export function countryRule(code: string): CountryRule {
  return (Object.hasOwn(RULES, code) ? RULES[code] : undefined) ?? { needsRegion: false };
}
