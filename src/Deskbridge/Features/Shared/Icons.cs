using System.Collections.Concurrent;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Deskbridge.Features.Shared;

/// <summary>The few Tabler icons that the build copied, written into the page itself: no font, no request.</summary>
public sealed class Icons(IWebHostEnvironment environment)
{
    private readonly ConcurrentDictionary<string, HtmlString> _paths = new(StringComparer.Ordinal);

    /// <summary>What stands between the svg tags of an icon.</summary>
    public HtmlString Paths(string name) => _paths.GetOrAdd(name, Load);

    private HtmlString Load(string name)
    {
        var file = environment.WebRootFileProvider.GetFileInfo($"lib/icons/{name}.svg");
        if (!file.Exists) throw new FileNotFoundException($"The icon '{name}' is not in wwwroot/lib/icons; add it to FrontEnd.targets.");
        using var reader = new StreamReader(file.CreateReadStream());
        var svg = reader.ReadToEnd();
        var start = svg.IndexOf('>', StringComparison.Ordinal) + 1;
        var lines = svg[start..svg.LastIndexOf("</svg>", StringComparison.Ordinal)].Split('\n', StringSplitOptions.TrimEntries);
        return new HtmlString(string.Concat(lines.Where(line => !line.Contains("stroke=\"none\"", StringComparison.Ordinal))));
    }
}

/// <summary><c>&lt;icon name="bell" /&gt;</c>; decorative, so the text beside it must say what it means.</summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IconTagHelper(Icons icons) : TagHelper
{
    public string Name { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"icon {context.AllAttributes["class"]?.Value}".TrimEnd());
        output.Attributes.SetAttribute("viewBox", "0 0 24 24");
        output.Attributes.SetAttribute("width", "24");
        output.Attributes.SetAttribute("height", "24");
        output.Attributes.SetAttribute("fill", "none");
        output.Attributes.SetAttribute("stroke", "currentColor");
        output.Attributes.SetAttribute("stroke-width", "2");
        output.Attributes.SetAttribute("stroke-linecap", "round");
        output.Attributes.SetAttribute("stroke-linejoin", "round");
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Content.SetHtmlContent(icons.Paths(Name));
    }
}
