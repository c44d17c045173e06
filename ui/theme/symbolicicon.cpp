// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/theme/symbolicicon.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

using namespace Qt::StringLiterals;

// A static library's resources are linked in only when asked for, from the global namespace.
static void loadBundledIcons()
{
    static const bool loaded = [] {
        Q_INIT_RESOURCE(portreeve);
        return true;
    }();
    Q_UNUSED(loaded)
}

namespace portreeve::theme {

namespace {

class SymbolicIconEngine final : public QIconEngine
{
public:
    SymbolicIconEngine(QString file, std::optional<Role> role)
        : m_file(std::move(file))
        , m_role(role)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, scaledPixmap(rect.size() * ratio, mode, state, ratio));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    QPixmap scaledPixmap(
        const QSize& size, QIcon::Mode mode, QIcon::State /*state*/, qreal scale) override
    {
        const QColor ink = inkFor(mode);
        const QString key = u"symbolic:%1:%2:%3x%4"_s.arg(m_file, ink.name(QColor::HexArgb))
                                .arg(size.width())
                                .arg(size.height());
        QPixmap drawn;
        if (!QPixmapCache::find(key, &drawn)) {
            drawn = draw(size, ink);
            QPixmapCache::insert(key, drawn);
        }
        drawn.setDevicePixelRatio(scale);
        return drawn;
    }

    QIconEngine* clone() const override { return new SymbolicIconEngine(*this); }

    bool isNull() override { return false; }

private:
    QColor inkFor(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        switch (mode) {
        case QIcon::Disabled:
            return palette.color(QPalette::Disabled, QPalette::WindowText);
        case QIcon::Selected:
            return palette.color(QPalette::HighlightedText);
        case QIcon::Normal:
        case QIcon::Active:
            break;
        }
        return m_role ? color(*m_role, palette) : palette.color(QPalette::WindowText);
    }

    QPixmap draw(const QSize& size, const QColor& ink) const
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QFile file(m_file);
        if (!file.open(QIODevice::ReadOnly)) {
            return pixmap;
        }
        QByteArray svg = file.readAll();
        svg.replace("currentColor", ink.name(QColor::HexRgb).toLatin1());
        QSvgRenderer renderer(svg);
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        return pixmap;
    }

    QString m_file;
    std::optional<Role> m_role;
};

} // namespace

bool hasBundledIcon(const QString& file)
{
    loadBundledIcons();
    return QFile::exists(file);
}

QIcon symbolicIcon(const QString& file, std::optional<Role> role)
{
    loadBundledIcons();
    return QIcon(new SymbolicIconEngine(file, role));
}

} // namespace portreeve::theme
