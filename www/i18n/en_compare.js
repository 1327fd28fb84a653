/** English: taggers compared over the same pictures. */
export const compare = {
    compare_providers: "Compare services",
    compare_what:
        "How the model on this device and your services have tagged the same pictures. Nothing is sent: only tags that are here already are compared, as they show with your settings.",
    compare_reading: "Comparing…",
    compare_none:
        "It takes at least two to compare, and fewer have tagged these pictures. Tag them with a service first.",
    compare_model: "Model on this device",
    compare_who_is: "Compare",
    compare_source_n: { one: "{n} of {total} picture", other: "{n} of {total} pictures" },
    compare_choose_two: "Choose at least two.",
    compare_over: {
        one: "Over {n} picture that all of them have tagged.",
        other: "Over {n} pictures that all of them have tagged.",
    },
    compare_over_none: "There’s no picture that all of them have tagged. Leave one out.",
    compare_figures: "Figures",
    compare_tagger: "Tagger",
    compare_tags: "Tags per picture",
    compare_without: { one: "{n} picture without", other: "{n} pictures without" },
    compare_right: "Right, by your tags",
    compare_found: "Found of your tags",
    compare_time: "Time",
    compare_units: "Units",
    compare_cost: "Cost",
    compare_share: "{percent}%",
    compare_of: { one: "{n} of {total} tags", other: "{n} of {total} tags" },
    compare_interval: "likely {from}–{to}%",
    compare_seconds: "{s} s",
    compare_each: { one: "for {n} picture", other: "for {n} pictures" },
    compare_maybe: { one: "{n} unsure", other: "{n} unsure" },
    compare_unknown: "Unknown",
    compare_nothing: "None",
    compare_price: "Enter price",
    compare_price_which: "Enter price of {name}",
    compare_judged: {
        one: "“Right” and “found” are over the one of these pictures that you’ve tagged yourself.",
        other: "“Right” and “found” are over the {n} of these pictures that you’ve tagged yourself.",
    },
    compare_judged_none:
        "Who is right can’t be told: you haven’t tagged any of these pictures yourself. Add or accept tags, then compare again.",
    compare_how: "How this is counted",
    compare_how_right:
        "A tag is right if you gave it, or one below it: who says “animal” to your “cat” is right. What you didn’t give counts as wrong, even if it fits. The likely ends hold what further tags would come to, 95 times in 100; as the tags of one picture hang together, they’re rather a little too close.",
    compare_how_costs:
        "Time is that of the middle answer. Units are what the request log says was billed, or may have been, in the share of these pictures; the cost is at the price in the service’s settings.",
    compare_agreement: "Agreement",
    compare_agreement_why:
        "Of the tags that either of two says of a picture, those that both say, on average. Choose two to see where they differ.",
    compare_pair: "{a} and {b}",
    compare_same: "The same on every picture.",
    compare_differ: { one: "Differ on {n} of {total}.", other: "Differ on {n} of {total}." },
    compare_differing: "{a} and {b}: where they differ",
    compare_only: "{name} only",
    compare_both: "Both",
    compare_more: "Show more",
    compare_open: "Open {name}",
};
