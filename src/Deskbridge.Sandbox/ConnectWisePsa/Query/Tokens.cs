using System.Text;
using Deskbridge.Sandbox.ConnectWisePsa.Http;

namespace Deskbridge.Sandbox.ConnectWisePsa.Query;

internal enum TokenKind
{
    Word,
    Text,
    Date,
    Symbol,
    End,
}

internal readonly record struct Token(TokenKind Kind, string Text)
{
    public bool Is(string word) => Kind is TokenKind.Word or TokenKind.Symbol && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Splits a conditions text (reference 2.2) into words, quoted texts, bracketed dates and symbols.</summary>
internal static class Tokens
{
    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        var at = 0;
        while (at < text.Length)
        {
            var c = text[at];
            if (char.IsWhiteSpace(c)) at++;
            else if (c is '"' or '\'') tokens.Add(Quoted(text, ref at));
            else if (c == '[') tokens.Add(Date(text, ref at));
            else if ("=<>!(),".Contains(c, StringComparison.Ordinal)) tokens.Add(Symbol(text, ref at));
            else tokens.Add(Word(text, ref at));
        }

        tokens.Add(new Token(TokenKind.End, ""));
        return tokens;
    }

    private static Token Quoted(string text, ref int at)
    {
        var quote = text[at++];
        var value = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\'' or '\\') at++;
            value.Append(text[at++]);
        }

        if (at++ >= text.Length) throw PsaRefusal.BadRequest("The conditions have a text without its closing quote.");
        return new Token(TokenKind.Text, value.ToString());
    }

    private static Token Date(string text, ref int at)
    {
        var end = text.IndexOf(']', at);
        if (end < 0) throw PsaRefusal.BadRequest("The conditions have a date without its closing bracket.");
        var value = text[(at + 1)..end];
        at = end + 1;
        return new Token(TokenKind.Date, value.Trim());
    }

    private static Token Symbol(string text, ref int at)
    {
        var two = at + 1 < text.Length ? text.Substring(at, 2) : "";
        var symbol = two is "!=" or "<=" or ">=" or "<>" ? two : text[at].ToString();
        at += symbol.Length;
        return new Token(TokenKind.Symbol, symbol == "<>" ? "!=" : symbol);
    }

    private static Token Word(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && !"=<>!(),\"'[".Contains(text[at], StringComparison.Ordinal)) at++;
        return new Token(TokenKind.Word, text[start..at]);
    }
}
