using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Deskbridge.Features.Shared;

/// <summary><c>&lt;email of="@address" /&gt;</c>: an address that breaks before its @ and its dots where the line is too short for it, and nowhere else.</summary>
[HtmlTargetElement("email", TagStructure = TagStructure.WithoutEndTag)]
public sealed class EmailTagHelper : TagHelper
{
    public string? Of { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var address = Of ?? "";
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "app-email");
        var from = 0;
        for (var at = 1; at < address.Length; at++)
        {
            if (address[at] is not ('@' or '.')) continue;
            output.Content.Append(address[from..at]).AppendHtml("<wbr>");
            from = at;
        }

        output.Content.Append(address[from..]);
    }
}
