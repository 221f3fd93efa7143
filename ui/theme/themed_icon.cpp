// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace qs::ui {

namespace {

constexpr double kDisabledOpacity = 0.4;

/// Renders a one-colour SVG at any size, in the colour that the theme has at that moment.
class ThemedIconEngine final : public QIconEngine
{
public:
    ThemedIconEngine(QByteArray svg, QColor Theme::*colour)
        : m_svg(std::move(svg))
        , m_colour(colour)
    {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        QByteArray svg = m_svg;
        svg.replace("currentColor", (theme().*m_colour).name(QColor::HexRgb).toLatin1());
        QSvgRenderer renderer(svg);
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (mode == QIcon::Disabled)
            painter->setOpacity(painter->opacity() * kDisabledOpacity);
        renderer.render(painter, rect);
        painter->restore();
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        if (size.isEmpty()) // a button that is squeezed to nothing still asks
            return {};
        // Tables ask for the same icon in each row of each repaint.
        const QString key = QStringLiteral("themed icon %1 %2 %3 %4 %5")
                                .arg(qHash(m_svg))
                                .arg((theme().*m_colour).rgba())
                                .arg(size.width())
                                .arg(size.height())
                                .arg(mode);
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap))
            return pixmap;
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        {
            QPainter painter(&pixmap);
            paint(&painter, QRect(QPoint(), size), mode, state);
        }
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QIconEngine *clone() const override { return new ThemedIconEngine(m_svg, m_colour); }

private:
    QByteArray m_svg;
    QColor Theme::*m_colour;
};

} // namespace

QIcon themedIcon(const QString &name, QColor Theme::*colour)
{
    ThemeManager::instance(); // makes the resources known
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QIcon(new ThemedIconEngine(file.readAll(), colour));
}

QString missingImagePlugin()
{
    ThemeManager::instance();
    // As style sheets do it.
    if (!QIcon(QStringLiteral(":/icons/check-light.svg")).pixmap(QSize(16, 16)).isNull())
        return {};
    return ThemeManager::tr(
        "Qt's plugin for SVG images is missing, so check marks and arrows are not drawn; Debian has it "
        "in the package qt6-svg-plugins");
}

QIcon applicationIcon()
{
    return themedIcon(QStringLiteral("app")); // it has colours of its own, so nothing is replaced
}

} // namespace qs::ui
