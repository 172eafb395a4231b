namespace Kpod.Datasets.Answers.Values;

/// <summary>The English words by which a passage's numbers are told apart: what is asked for, what is context, what is taken back.</summary>
internal static class AnswerVocabulary
{
    /// <summary>Words that open a conclusion.</summary>
    public static HashSet<string> Conclusions { get; } = Words("so therefore thus hence consequently then accordingly");

    /// <summary>Words that open a reason behind the answer, its calculation included.</summary>
    public static HashSet<string> Reasons { get; } = Words("because since as although though whereas");

    /// <summary>Words that open a circumstance behind the answer.</summary>
    public static HashSet<string> Circumstances { get; } = Words("when where while which if unless after before once until");

    /// <summary>Of both, the ones that do so only behind a comma.</summary>
    public static HashSet<string> OnlyBehindComma { get; } = Words("as which while where");

    /// <summary>Words behind which "to" and a verb belong to the answer itself: "needs to buy 3".</summary>
    public static HashSet<string> BeforeInfinitive { get; } = Words(
        "need needs needed has have had having going able want wants wanted plan plans planned ought supposed required used like likes likely needs got trying tries managed get gets continue continues expected is are was were allowed");

    /// <summary>Words that open the outcome of what stands before: "bought 6 more, giving her 32".</summary>
    public static HashSet<string> Outcomes { get; } = Words("giving making bringing resulting yielding meaning totaling totalling");

    /// <summary>Words behind which "of" leads to the number asked for: "a total of 32".</summary>
    public static HashSet<string> Amounts { get; } = Words("total average maximum minimum profit loss sum balance area distance cost price amount mean speed weight length mass value rate excess remainder result");

    /// <summary>Words that make a number known already: "the 4 friends".</summary>
    public static HashSet<string> Definite { get; } = Words("the these those all both his her their its our my your every each");

    /// <summary>Words with which a remark behind the answer begins.</summary>
    public static HashSet<string> RemarkOpeners { get; } = Words("note notice remember please ps p.s remark alternatively checking verifying double-checking check verify");

    /// <summary>Pairs of words near the beginning of a remark: a check, another way, an assumption.</summary>
    public static HashSet<string> RemarkPairs { get; } =
    [
        "another way", "to note", "to remember", "to check", "to verify", "to confirm", "to double-check", "can check", "can verify", "can confirm", "could check", "could also", "can also",
        "also check", "also verify", "also confirm", "us check", "let's check", "let's verify", "worth noting", "worth mentioning", "i hope", "keep in", "in perspective", "this confirms", "this verifies",
        "which confirms", "this assumes", "is because", "other words",
    ];

    /// <summary>Words with which a clause in front of the main one begins.</summary>
    public static HashSet<string> Openers { get; } = Words(
        "because since as although though when while if given after before once by assuming for to with out from of using adding subtracting dividing multiplying knowing at");

    /// <summary>Words that put a number into a subordinate place.</summary>
    public static HashSet<string> Prepositions { get; } = Words(
        "of in for at with from by after before than per over to into during within among across using on through until out under above below without via plus toward towards");

    /// <summary>Words that may stand between a preposition and its number.</summary>
    public static HashSet<string> Determiners { get; } = Words(
        "the a an his her their its our my your these those this that all both every each about exactly roughly nearly almost around approximately only just other another same first last next remaining initial total original");

    /// <summary>Verbs behind which the answer stands.</summary>
    public static HashSet<string> Verbs { get; } = Words(
        "is are was were be been has have had get gets got need needs needed cost costs pay pays paid spend spends spent earn earns earned make makes made take takes took give gives gave "
        + "receive receives received sell sells sold buy buys bought eat eats ate read reads use uses used leaves save saves saved weigh weighs weighed walk walks walked run runs ran travel "
        + "travels traveled travelled drive drives drove cover covers covered contain contains contained hold holds held require requires required produce produces produced grow grows grew come comes "
        + "came total totals totaled bring brings brought find finds found score scores scored win wins won lose loses lost owe owes owed keep keeps kept collect collects collected invite invited "
        + "yields equals reach reaches reached finish finishes drink drinks drank lasts lasted becomes became sees saw picks picked went goes do does did can could will would must should remain remains");

    /// <summary>Words behind which a number is a name: class 3, page 12.</summary>
    public static HashSet<string> NamedByNumber { get; } = Words(
        "class room grade page day chapter step question problem figure number no year section part team group level lane gate platform unit month week round game test lesson floor line case option row equation");

    /// <summary>Words that may end a cut-off text, never a finished one.</summary>
    public static HashSet<string> Dangling { get; } = Words(
        "is are was were has have had be the a an of to and or so with for in at on by will would can could he she they it we you his her their its that which than gets needs costs therefore thus hence");

    /// <summary>Words of a passage that gives no answer.</summary>
    public static HashSet<string> Unknown { get; } = Words(
        "unknown undefined undetermined indeterminate infinity infinite nan impossible unclear uncertain unanswerable insufficient");

    /// <summary>Units that are added up in everyday speech, by kind: "2 hours and 30 minutes" is no single number.</summary>
    public static IReadOnlyList<HashSet<string>> CompoundUnits { get; } =
    [
        Words("second seconds sec secs minute minutes min mins hour hours hr hrs h day days week weeks month months year years"),
        Words("inch inches in foot feet ft yard yards yd mile miles millimeter millimeters mm centimeter centimeters cm meter meters metre metres m kilometer kilometers km"),
        Words("ounce ounces oz pound pounds lb lbs gram grams g kilogram kilograms kg ton tons"),
        Words("cent cents dollar dollars penny pennies pence pound pounds euro euros dime dimes nickel nickels quarter quarters"),
        Words("cup cups pint pints quart quarts gallon gallons milliliter milliliters ml liter liters litre litres l"),
    ];

    /// <summary>Whether a verb tells of a change, whose end is meant: "fell from 10 to 5".</summary>
    public static bool Changes(string verb) => verb is "fell" or "rose" or "went" or "grew" or "falls" or "rises" or "goes" or "grows" || verb.EndsWith("ed", StringComparison.Ordinal);

    private static HashSet<string> Words(string words) => [.. words.Split(' ')];
}
