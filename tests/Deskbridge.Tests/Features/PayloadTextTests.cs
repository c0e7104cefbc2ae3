using Deskbridge.Features.Events;
using Xunit;

namespace Deskbridge.Tests.Features;

/// <summary>What came in is shown so that a person can read it.</summary>
public sealed class PayloadTextTests
{
    [Fact]
    public void JsonInsideAText_IsShownAsJson() => Assert.Equal(
        """
        {
          "Action": "updated",
          "Entity": {
            "summary": "Größer \"warm\"",
            "notes": "{\"deeper\":1}",
            "ids": [
              1
            ]
          }
        }
        """,
        PayloadText.Lay("""{"Action":"updated","Entity":"{\"summary\":\"Gr\\u00f6\\u00dfer \\\"warm\\\"\",\"notes\":\"{\\\"deeper\\\":1}\",\"ids\":[1]}"}"""));

    [Theory]
    [InlineData("no JSON at all")]
    [InlineData("{\"Entity\":\"{ cut… (cut, 70000 characters in all)")]
    [InlineData("{\"half\":\"\\ud800\"}")]
    public void WhatIsNoJson_StaysAsItCame(string payload) => Assert.Equal(payload, PayloadText.Lay(payload));

    [Fact]
    public void TextThatOnlyBeginsLikeJson_StaysAText() => Assert.Contains("\"{ours} is down\"", PayloadText.Lay("""{"summary":"{ours} is down","a":1,"a":2}"""), StringComparison.Ordinal);
}
