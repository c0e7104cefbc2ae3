namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>Telephone numbers as the whole world dials them (E.164): a plus, the country code and the rest, 8 to 15 digits.</summary>
internal static class PhoneNumber
{
    private const int Fewest = 8;
    private const int Most = 15;

    /// <summary>Without what people put between the digits.</summary>
    public static string Clean(string entered) => string.Concat(entered.Where(c => c is not (' ' or '-' or '.' or '/' or '(' or ')' or '\u00a0')));

    /// <summary>Why it is no number to page; null when it is one.</summary>
    public static string? Problem(string number)
    {
        if (!number.StartsWith('+'))
            return $"{number} does not say which country it is in. Begin with + and the country code, such as +15555550123 or +4930123456, without the 0 that is dialled inside the country.";
        if (number.AsSpan(1).IndexOfAnyExceptInRange('0', '9') >= 0) return $"{number} is not a telephone number: after the + there may be digits only.";
        if (number.Length > 1 && number[1] == '0') return $"{number} is not a telephone number: no country code begins with 0.";
        return number.Length - 1 is >= Fewest and <= Most ? null : $"{number} is not a whole telephone number: with its country code it has {Fewest} to {Most} digits.";
    }
}
