using System.Text;
using Deskbridge.Access.SecondFactor;
using QRCoder;

namespace Deskbridge.Features.Access;

/// <summary>A proposed secret as a page shows it.</summary>
internal sealed record EnrolView(ProposedSecret Secret)
{
    /// <summary>The QR code as a picture in the page itself; it is asked for nowhere else.</summary>
    public string Picture
    {
        get
        {
            using var code = QRCodeGenerator.GenerateQrCode(Secret.Uri, QRCodeGenerator.ECCLevel.M);
            using var svg = new SvgQRCode(code);
            return "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg.GetGraphic(4)));
        }
    }

    /// <summary>The key in groups of four, for typing.</summary>
    public string Grouped => string.Join(' ', Secret.Key.Chunk(4).Select(group => new string(group)));
}
