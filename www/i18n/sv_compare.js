/** Svenska: taggare jämförda över samma bilder. */
export const compare = {
    compare_providers: "Jämför tjänster",
    compare_what:
        "Hur modellen på den här enheten och dina tjänster har taggat samma bilder. Ingenting skickas: bara taggar som redan finns här jämförs, så som de visas med dina inställningar.",
    compare_reading: "Jämför…",
    compare_none:
        "Det krävs minst två för att jämföra, och färre har taggat de här bilderna. Tagga dem med en tjänst först.",
    compare_model: "Modellen på enheten",
    compare_who_is: "Jämför",
    compare_source_n: { one: "{n} av {total} bild", other: "{n} av {total} bilder" },
    compare_choose_two: "Välj minst två.",
    compare_over: {
        one: "Över {n} bild som alla har taggat.",
        other: "Över {n} bilder som alla har taggat.",
    },
    compare_over_none: "Det finns ingen bild som alla har taggat. Utelämna någon.",
    compare_figures: "Siffror",
    compare_tagger: "Taggare",
    compare_tags: "Taggar per bild",
    compare_without: { one: "{n} bild utan", other: "{n} bilder utan" },
    compare_right: "Rätt, enligt dina taggar",
    compare_found: "Hittat av dina taggar",
    compare_time: "Tid",
    compare_units: "Enheter",
    compare_cost: "Kostnad",
    compare_share: "{percent} %",
    compare_of: { one: "{n} av {total} taggar", other: "{n} av {total} taggar" },
    compare_interval: "troligen {from}–{to} %",
    compare_seconds: "{s} s",
    compare_each: { one: "för {n} bild", other: "för {n} bilder" },
    compare_maybe: { one: "{n} osäker", other: "{n} osäkra" },
    compare_unknown: "Okänt",
    compare_nothing: "Ingen",
    compare_price: "Ange pris",
    compare_price_which: "Ange pris för {name}",
    compare_judged: {
        one: "”Rätt” och ”hittat” gäller den av bilderna som du själv har taggat.",
        other: "”Rätt” och ”hittat” gäller de {n} av bilderna som du själv har taggat.",
    },
    compare_judged_none:
        "Vem som har rätt går inte att säga: du har inte taggat någon av de här bilderna själv. Lägg till eller godkänn taggar och jämför igen.",
    compare_how: "Så räknas det",
    compare_how_right:
        "En tagg är rätt om du gav den, eller en under den: den som säger ”djur” om din ”katt” har rätt. Det du inte gav räknas som fel, även om det stämmer. Mellan de troliga gränserna ligger det som fler taggar skulle ge, 95 gånger av 100; eftersom taggarna på en bild hör ihop ligger gränserna snarare lite för nära.",
    compare_how_costs:
        "Tiden är det mittersta svarets. Enheterna är vad som enligt förfrågningsloggen debiterades, eller kan ha debiterats, för just de här bilderna; kostnaden räknas med priset i tjänstens inställningar.",
    compare_agreement: "Samstämmighet",
    compare_agreement_why:
        "Av de taggar som någon av två sätter på en bild, de som båda sätter, i genomsnitt. Välj två för att se var de skiljer sig.",
    compare_pair: "{a} och {b}",
    compare_same: "Samma på varje bild.",
    compare_differ: { one: "Skiljer sig på {n} av {total}.", other: "Skiljer sig på {n} av {total}." },
    compare_differing: "{a} och {b}: där de skiljer sig",
    compare_only: "Endast: {name}",
    compare_both: "Båda",
    compare_more: "Visa fler",
    compare_open: "Öppna {name}",
};
